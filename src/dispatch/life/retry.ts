import type { Problem } from '#schema';
import { enqueueFirst, putBack, retryBudget } from '#policies';
import { orderCost } from '../estimate.ts';
import { noteAnswer, noteReached } from '../health.ts';
import { disarm, type Job } from '../job.ts';
import { countReason } from '../mending.ts';
import { ownerOf } from '../owner.ts';
import { isRepeatable } from '../repeatable.ts';
import type { Slot } from '../slot.ts';
import type { Floor } from './floor.ts';
import { fail, release } from './settle.ts';
import { refusesKey } from './unfit.ts';
import { armAgain } from './wait.ts';

/** How an attempt ended; `sent` tells whether the replica may have begun the work. */
export interface Failure {
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

/** Takes the request off its replica and has it wait for another, where that is allowed. */
function tryAgain(floor: Floor, job: Job, begun: boolean): boolean {
  const { lane, slot } = job;
  const route = floor.directory.at(lane.key);
  if (slot === undefined || route === undefined) return false;
  const input = {
    attempts: job.attempts,
    attemptsMax: route.resilience.retries.attemptsMax,
    begun,
    repeatable: isRepeatable(job.ask, route),
    answered: job.firstByteMs !== undefined,
  };
  const { decision, reason } = retryBudget.decide(input, lane.mending.retries);
  countReason(lane.mending, reason.code);
  if (!decision) return false;
  disarm(job);
  job.avoided = slot;
  release(job, floor.clock.monotonicMs());
  waitAgain(floor, job);
  armAgain(floor, job, route);
  return true;
}

/** What a broken connection says about a replica. */
export function noteFailure(floor: Floor, job: Job, { slot, sent }: { slot: Slot; sent: boolean }): void {
  const { lane } = job;
  const nowMs = floor.clock.monotonicMs();
  noteReached(lane, slot, { event: sent ? 'broke' : 'unreachable', nowMs });
  if (sent) noteAnswer(lane, slot, { route: floor.directory.at(lane.key), isGood: false, nowMs });
}

/** A request that never reached its replica, or that may be done twice, is tried on another. */
export function attemptFailed(floor: Floor, job: Job, { cause, sent }: Failure): void {
  const { slot } = job;
  if (slot !== undefined) noteFailure(floor, job, { slot, sent });
  if (tryAgain(floor, job, sent)) floor.wake(job.lane);
  else fail(floor, job, cause);
}

/** Statuses by which a replica says that it has not begun. */
const notBegun: ReadonlySet<number> = new Set([429, 503]);

function hasOthers(floor: Floor, { lane }: Job): boolean {
  return (floor.directory.at(lane.key)?.slots.length ?? 0) > 1;
}

/** Lets go of an answer for another try, of which the caller then hears nothing; false where there is none. */
function letGo(floor: Floor, job: Job, begun: boolean): boolean {
  const { call, lane } = job;
  if (!tryAgain(floor, job, begun)) return false;
  call?.cancel();
  floor.wake(lane);
  return true;
}

/** A replica answered that it cannot: whether another is asked instead. */
export function askedAgain(floor: Floor, job: Job, status: number): boolean {
  if (status < 500 && status !== 429) return false;
  return hasOthers(floor, job) && letGo(floor, job, !notBegun.has(status));
}

/** Keys are read again so often at most. */
const keyReadsApartMs = 1000;

/** Whether there may be another key than the one it was sent with. */
function hasNewKey({ clock, directory }: Floor, { lane, sentMs }: Job): boolean {
  const { mending } = lane;
  const nowMs = clock.monotonicMs();
  if (mending.keysReadMs > sentMs) return true;
  if (nowMs - mending.keysReadMs < keyReadsApartMs) return false;
  mending.keysReadMs = nowMs;
  directory.renewKeys(lane.key);
  return true;
}

/** An endpoint gave no answer to the question: whether another is asked instead, or the same with a new key. */
export function askedElsewhere(floor: Floor, job: Job, status: number): boolean {
  const { slot } = job;
  const isRenewed = slot !== undefined && refusesKey(slot, status) && hasNewKey(floor, job);
  return (isRenewed || hasOthers(floor, job)) && letGo(floor, job, false);
}
