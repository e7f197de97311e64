import { earnRetry } from '#policies';
import { chooseSlot, isWorthThought } from '../choose.ts';
import { estimate } from '../estimate.ts';
import { estimateShare, isBatched, mayJoin } from '../gather.ts';
import type { Job } from '../job.ts';
import type { Route } from '../route.ts';
import { count } from '../tally.ts';
import { noteArrival } from '../traffic.ts';
import type { Floor } from './floor.ts';
import { mayHedge } from './hedging.ts';
import { pump } from './pump.ts';
import { send } from './send.ts';
import { sleepUntil } from './sleep.ts';
import { beginWaiting } from './wait.ts';

function noteComing(job: Job, route: Route): void {
  const { traffic } = job.lane;
  traffic.waitMs = route.lateAfterMs;
  traffic.places = route.slots[0]?.concurrency ?? traffic.places;
  job.weightMs = noteArrival(traffic, job.workMs);
}

/** There is no replica, and this is the first that waits for one. */
function tellStarved(floor: Floor, { over, lane }: Job): void {
  if (!over && lane.order.waiting === 1) floor.starved(lane.deployment);
}

/** It waits: until others that come at the same time are there to be looked at with it, or for room. */
function waitForTurn(
  floor: Floor,
  job: Job,
  given: { readonly route: Route; readonly thinks: boolean },
): void {
  const { route, thinks } = given;
  const { lane, arrivedMs: nowMs } = job;
  beginWaiting(floor, { job, route, nowMs, wallMs: floor.clock.nowMs() });
  if (route.slots.length === 0) tellStarved(floor, job);
  if (thinks && !job.over) sleepUntil(floor, lane, { untilMs: nowMs + 1, nowMs });
  else pump(floor, lane);
}

/** A request comes in. Where nothing waits and there is room it is sent at once, past all that queueing costs. */
export function enter(floor: Floor, job: Job, route: Route): void {
  const { lane, arrivedMs: nowMs } = job;
  const isForBatch = isBatched(route) && mayJoin(job.ask);
  if (route.batching === undefined) estimate(job, route.curve);
  else estimateShare(job, route);
  noteComing(job, route);
  earnRetry(lane.mending.retries, route.resilience.retries.share);
  mayHedge(job, route);
  const thinks = !isForBatch && isWorthThought(job, route);
  if (lane.order.waiting === 0 && !isForBatch && !thinks) {
    const slot = chooseSlot(job, route, nowMs);
    if (slot !== undefined) {
      count(lane.tally, 'has-room');
      send(floor, job, slot);
      return;
    }
  }
  waitForTurn(floor, job, { route, thinks });
}
