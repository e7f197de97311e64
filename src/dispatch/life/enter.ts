import { chooseSlot } from '../choose.ts';
import { estimate } from '../estimate.ts';
import { isBatched, join, mayJoin } from '../gather.ts';
import type { Job } from '../job.ts';
import type { Route } from '../route.ts';
import { count } from '../tally.ts';
import type { Floor } from './floor.ts';
import { pump } from './pump.ts';
import { send } from './send.ts';
import { beginWaiting } from './wait.ts';

/** A request comes in. Where nothing waits and there is room it is sent at once, past all that queueing costs. */
export function enter(floor: Floor, job: Job, route: Route): void {
  const { lane, arrivedMs: nowMs } = job;
  const isForBatch = isBatched(route) && mayJoin(job.ask);
  if (isForBatch) join(job, route);
  else estimate(job, route.curve);
  if (lane.order.waiting === 0 && !isForBatch) {
    const slot = chooseSlot(job, route, nowMs);
    if (slot !== undefined) {
      count(lane.tally, 'has-room');
      send(floor, job, slot);
      return;
    }
  }
  beginWaiting(floor, { job, route, nowMs, wallMs: floor.clock.nowMs() });
  pump(floor, lane);
}
