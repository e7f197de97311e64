import { problemOf } from '#schema';
import { earnHedge, hedge, hedgeAfterMs } from '#policies';
import { chooseOther } from '../choose.ts';
import type { Job, Leg } from '../job.ts';
import { countReason } from '../mending.ts';
import { isRepeatable } from '../repeatable.ts';
import type { Route } from '../route.ts';
import type { Slot } from '../slot.ts';
import { noteTaken } from '../traffic.ts';
import type { Floor } from './floor.ts';
import { dropSecond, release } from './settle.ts';

/** Notes when the request is to be sent to a second replica, where its deployment wants that. */
export function mayHedge(job: Job, route: Route): void {
  const { hedging } = route.resilience;
  if (!hedging.enabled || route.slots.length < 2 || !isRepeatable(job.ask, route)) return;
  const memory = job.lane.mending.hedging;
  earnHedge(memory, hedging.share);
  job.hedges = true;
  job.hedgeAfterMs = hedgeAfterMs(memory);
}

/** The second call goes on in the place of the first, which is over. */
export function promoteSecond(job: Job, nowMs: number): void {
  const { second } = job;
  if (second === undefined) return;
  release(job, nowMs);
  job.lane.running += 1;
  job.second = undefined;
  job.leg = second.leg;
  job.slot = second.slot;
  job.call = second.call;
  job.slotWorkMs = second.workMs;
  job.sentMs = second.sentMs;
}

function sendSecond(floor: Floor, job: Job, given: { slot: Slot; post: Post }): void {
  const { slot, post } = given;
  const leg: Leg = {
    leg: (job.attempts += 1),
    slot,
    call: undefined,
    workMs: job.workMs ?? 0,
    sentMs: floor.clock.monotonicMs(),
  };
  noteTaken(job.lane.traffic, 1, leg.sentMs);
  slot.inFlight += 1;
  slot.workMs += leg.workMs;
  slot.changedMs = leg.sentMs;
  job.second = leg;
  try {
    const call = post(slot, leg.leg);
    leg.call = call;
    if (job.leg === leg.leg) job.call = call;
  } catch (thrown) {
    // The first call is still under way; what is wrong here it would also have met.
    countReason(job.lane.mending, problemOf(thrown).code);
    dropSecond(job, leg.sentMs);
  }
}

/** How a call is made to a replica. */
export type Post = (slot: Slot, leg: number) => Leg['call'];

/** It takes longer than most: asks a second replica too, if one has nothing better to do. */
export function hedgeNow(floor: Floor, job: Job, post: Post): void {
  const { lane } = job;
  const route = floor.directory.at(lane.key);
  if (job.over || job.slot === undefined || job.firstByteMs !== undefined || route === undefined) return;
  const nowMs = floor.clock.monotonicMs();
  const slot = lane.order.waiting === 0 ? chooseOther(job, route, nowMs) : undefined;
  const input = { repeatable: true, hedged: job.second !== undefined, hasRoom: slot !== undefined };
  const { decision, reason } = hedge.decide(input, lane.mending.hedging);
  countReason(lane.mending, reason.code);
  if (decision && slot !== undefined) sendSecond(floor, job, { slot, post });
}
