import { leastWork, queueBound, type Admission } from '#policies';
import type { Job, Lane } from './job.ts';
import type { Route, Slot } from './route.ts';

/** How much of the mean one sample replaces: about the last twenty requests count. */
const serviceWeight = 0.05;

export function createLane(deployment: string): Lane {
  return {
    deployment,
    waiting: new Set(),
    running: 0,
    pumping: false,
    turn: leastWork.begin(),
    serviceMs: undefined,
  };
}

export function learnService(lane: Lane, sampleMs: number): void {
  lane.serviceMs =
    lane.serviceMs === undefined ? sampleMs : lane.serviceMs + serviceWeight * (sampleMs - lane.serviceMs);
}

function sum(slots: readonly Slot[], field: 'concurrency' | 'inFlight'): number {
  let total = 0;
  for (const slot of slots) total += slot[field];
  return total;
}

export interface Applicant {
  readonly job: Job;
  readonly route: Route;
  /** Requests waiting before it. */
  readonly ahead: number;
  /** Monotonic. */
  readonly nowMs: number;
  /** Wall time: what the control plane's records are in. */
  readonly wallMs: number;
}

export function decideAdmission({ job, route, ahead, nowMs, wallMs }: Applicant): Admission {
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
    serviceMs: job.lane.serviceMs,
    loading: condition.loading,
    wantedReplicas: condition.wantedReplicas,
    nextStartInMs: nextStartAtMs === undefined ? undefined : Math.max(0, nextStartAtMs - wallMs),
  };
  return queueBound.decide(input, queueBound.begin()).decision;
}

/** The replica to send to; undefined when every one is full or shunned. */
export function chooseSlot(lane: Lane, route: Route, nowMs: number): Slot | undefined {
  const anyShunned = route.slots.some((slot) => slot.shunnedUntilMs > nowMs);
  const replicas = anyShunned ? route.slots.filter((slot) => slot.shunnedUntilMs <= nowMs) : route.slots;
  const { decision, memory } = leastWork.decide({ nowMs, replicas }, lane.turn);
  lane.turn = memory;
  return decision === undefined ? undefined : replicas.find((slot) => slot.id === decision);
}
