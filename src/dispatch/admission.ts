import { problem, type Problem } from '#schema';
import { lookAhead, queueBound, workLimit, type Admission, type Owner } from '#policies';
import { firstByteMs } from './estimate.ts';
import { isBatched } from './gather.ts';
import { leftMs, type Job } from './job.ts';
import { workRefusal } from './refusals.ts';
import type { Route, Slot } from './route.ts';
import { count } from './tally.ts';

/** A request that asks to be let in, or to be kept waiting. */
export interface Applicant {
  readonly job: Job;
  readonly route: Route;
  /** Monotonic. */
  readonly nowMs: number;
  /** Wall time: what the control plane's records are in. */
  readonly wallMs: number;
}

function sum(slots: readonly Slot[], field: 'concurrency' | 'inFlight'): number {
  let total = 0;
  for (const slot of slots) total += slot[field];
  return total;
}

/** Places that work can be sent to now; those of a replica that is slower than predicted count less. */
function placesOf({ slots }: Route, nowMs: number): number {
  let places = 0;
  for (const { concurrency, pace, shunnedUntilMs } of slots)
    if (shunnedUntilMs <= nowMs) places += concurrency / Math.max(1, pace);
  return places;
}

/** A prediction that rests on fewer measurements refuses nobody. */
const samplesMin = 3;

function isMeasured({ curve }: Route): boolean {
  return curve !== undefined && curve.samples >= samplesMin;
}

function drainMs({ job, route, nowMs }: Applicant): number | undefined {
  const places = placesOf(route, nowMs);
  if (job.workMs === undefined || places === 0) return undefined;
  const { critical, standard, batch } = job.lane.order.bands;
  const waits = critical.tenants.backlog + standard.tenants.backlog + batch.tenants.backlog;
  return (waits + job.workMs) / places;
}

/** How long the replica that is furthest should still take: as it says, else as starts of its version do. */
function stillLoadsMs({ condition }: Route, wallMs: number): number | undefined {
  const { remainingMs, dueAtMs = wallMs } = condition.loading ?? {};
  return remainingMs ?? (dueAtMs > wallMs ? dueAtMs - wallMs : undefined);
}

/** Whether the queue has room, and whether waiting for replicas makes sense; `ahead` requests wait before it. */
export function askQueue(applicant: Applicant, ahead: number): Admission {
  const { job, route, nowMs, wallMs } = applicant;
  const { condition, limits, slots } = route;
  const { nextStartAtMs } = condition;
  const input = {
    nowMs,
    ahead,
    queueDepthMax: limits.queueDepthMax,
    waitedMs: nowMs - job.arrivedMs,
    holdMs: limits.holdMs,
    readyReplicas: slots.length,
    concurrency: sum(slots, 'concurrency'),
    inFlight: sum(slots, 'inFlight'),
    drainMs: drainMs(applicant),
    loading: condition.loading && { ...condition.loading, remainingMs: stillLoadsMs(route, wallMs) },
    wantedReplicas: condition.wantedReplicas,
    nextStartInMs: nextStartAtMs === undefined ? undefined : Math.max(0, nextStartAtMs - wallMs),
  };
  const { decision, reason } = queueBound.decide(input, queueBound.begin());
  // One that is looked at again counts only when that ends it.
  if (job.entry === undefined || decision.kind === 'refuse') count(job.lane.tally, reason.code);
  return decision;
}

/** Whether a request that must wait is worth keeping; where it is, how long it should wait is noted on it. */
export function askWorkLimit(applicant: Applicant, owner: Owner, chance: number): Problem | undefined {
  const { job, route, nowMs } = applicant;
  // Batches that have an objective are held to it when they are made: by whom a batch can still be shared shows then.
  if (isBatched(route) && route.limits.objectiveMs !== undefined) return undefined;
  const places = placesOf(route, nowMs);
  const untilFirstByteMs = firstByteMs(job, route.curve);
  if (!isMeasured(route) || places === 0 || job.workMs === undefined || untilFirstByteMs === undefined)
    return undefined;
  const ahead = lookAhead(job.lane.order, owner);
  const input = {
    nowMs,
    priority: owner.priority,
    aheadMs: ahead.work,
    places,
    firstByteMs: untilFirstByteMs,
    serviceMs: job.workMs,
    deadlineMs: job.ask.deadlineMs,
    objectiveMs: route.limits.objectiveMs,
    chance,
  };
  const { decision, reason } = workLimit.decide(input, job.lane.admitting);
  count(job.lane.tally, reason.code);
  if (decision.kind === 'refuse') return workRefusal(route, decision, ahead.own);
  job.expectedWaitMs = decision.waitMs;
  return undefined;
}

/** A request that is sent should have this much more time than predicted, in what predictions are usually off by. */
const spreadsMin = 2;

/** Its turn has come, but what is left of its deadline is too short: the place is better given to another. */
export function isTooLate(job: Job, route: Route, nowMs: number): boolean {
  if (job.ask.deadlineMs === undefined || !isMeasured(route)) return false;
  const spreadMs = route.curve?.spreadMs ?? 0;
  return (firstByteMs(job, route.curve) ?? 0) + spreadMs * spreadsMin > leftMs(job, nowMs);
}

export const tooLate = problem(
  'deadline_exceeded',
  'The deadline of the request (`x-deadline-ms`) would have passed before its answer: it was not begun.',
);

/** Of a request that could not be answered in time even if it were sent alone now. */
export function tooLateForBatch({ deployment, limits }: Route, { ask }: Job): Problem {
  const { objectiveMs = Infinity } = limits;
  if ((ask.deadlineMs ?? Infinity) <= objectiveMs) return tooLate;
  const message = `"${deployment}" could not have answered within its objective of ${objectiveMs} ms: more came than it can do in that time.`;
  return problem('overloaded', message, { retryAfterMs: objectiveMs });
}
