import { batchMs, lastMoment, listWaiting, noteCame, ratesOf, type Batching } from '#policies';
import type { Ask } from './ask.ts';
import type { Job, Lane } from './job.ts';
import type { Route, Slot } from './route.ts';
import { takesBatch } from './runs.ts';
import { count } from './tally.ts';

/** Whether requests of this route are sent in batches at all: then none is sent past those who wait. */
export function isBatched({ batching }: Route): boolean {
  return batching !== undefined && batching.sizeMax > 1;
}

/** Questions about the model, which no run answers. */
const aloneAlways: ReadonlySet<string> = new Set(['/v2/models/metadata']);

/** Whether a request can be one of a batch. */
export function mayJoin({ endpoint }: Ask): boolean {
  return !aloneAlways.has(endpoint);
}

/** For engines that take batches a request is one of a number, and costs its share of a batch of the usual size. */
export function estimateShare(job: Job, { curve }: Route): void {
  const { gathering } = job.lane;
  const rates = curve && ratesOf(curve);
  gathering.arrivals += 1;
  noteCame(gathering.returns, job.arrivedMs);
  job.isCounted = true;
  job.inputs = 1;
  job.outputs = 0;
  job.workMs = rates && batchMs(rates, gathering.meanSize) / gathering.meanSize;
}

/** By when it has to be answered: its own deadline or the deployment's objective, whichever comes first. */
export function dueMs({ ask, arrivedMs }: Job, { limits }: Route): number {
  return arrivedMs + Math.min(ask.deadlineMs ?? Infinity, limits.objectiveMs ?? Infinity);
}

/** Replicas that a batch can be sent to now; none that runs where there is an objective, which is predicted from the start of a run. */
export function freeSlots({ slots, limits }: Route, nowMs: number): readonly Slot[] {
  const isIdleOnly = limits.objectiveMs !== undefined;
  return slots.filter((slot) => takesBatch(slot, nowMs) && !(isIdleOnly && slot.inFlight > 0));
}

/** A prediction is off by so many times its usual error at most, with few exceptions. */
const spreads = 2;
/** Timers wake up to so much late. */
const timerMs = 1;

/** What is kept in reserve, where anybody has to be answered by some time. */
function marginOf({ curve }: Route): number {
  return spreads * (curve?.spreadMs ?? 0) + timerMs;
}

function oldestMs(jobs: readonly Job[]): number {
  let oldest = Infinity;
  for (const { arrivedMs } of jobs) if (arrivedMs < oldest) oldest = arrivedMs;
  return oldest;
}

/** What the batching policy says about those who wait, `idle` replicas being free. */
export function gather(
  lane: Lane,
  route: Route,
  { nowMs, idle }: { readonly nowMs: number; readonly idle: number },
): Batching {
  const { gathering } = lane;
  const jobs = listWaiting(lane.order);
  const { decision, memory, reason } = lastMoment.decide(
    {
      nowMs,
      dueMs: jobs.map((job) => dueMs(job, route)),
      oldestMs: oldestMs(jobs),
      arrivals: gathering.arrivals,
      places: route.slots.length,
      idle,
      sizeMax: route.batching?.sizeMax ?? 1,
      windowMs: route.batching?.windowMs,
      objectiveMs: route.limits.objectiveMs,
      rates: route.curve && ratesOf(route.curve),
      marginMs: marginOf(route),
      returns: gathering.returns,
    },
    gathering.memory,
  );
  gathering.memory = memory;
  if (decision.kind === 'send') count(lane.tally, reason.code);
  return decision;
}
