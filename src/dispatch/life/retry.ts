import type { Problem } from '#schema';
import { enqueueFirst, putBack } from '#policies';
import { orderCost } from '../estimate.ts';
import { disarm, type Job } from '../job.ts';
import { ownerOf } from '../owner.ts';
import type { Floor } from './floor.ts';
import { fail, release } from './settle.ts';

/** A replica that refused a connection is passed over for this long: its record will say more by then. */
const shunMs = 1000;
/** First attempt included; only requests that never reached a replica are sent again. */
const attemptsMax = 3;

/** How an attempt ended; `sent` tells whether the replica may have begun the work. */
interface Failure {
  readonly cause: Problem;
  readonly sent: boolean;
}

/** The request waits again, before all else of its key: it has waited longest. */
function waitAgain(floor: Floor, job: Job): void {
  const { lane } = job;
  if (job.entry === undefined)
    job.entry = enqueueFirst(lane.order, ownerOf(floor.directory.shares, job.ask), {
      item: job,
      cost: orderCost(job),
    });
  else putBack(lane.order, job.entry);
}

/** A request that never reached its replica is tried on another; one that may have been begun is not. */
export function attemptFailed(floor: Floor, job: Job, { cause, sent }: Failure): void {
  const { slot } = job;
  if (job.over) return;
  disarm(job);
  if (sent || slot === undefined || job.attempts >= attemptsMax) {
    fail(floor, job, cause);
    return;
  }
  const nowMs = floor.clock.monotonicMs();
  slot.shunnedUntilMs = nowMs + shunMs;
  release(job, nowMs);
  waitAgain(floor, job);
  floor.wake(job.lane);
}
