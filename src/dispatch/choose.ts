import { leastWork } from '#policies';
import type { Job } from './job.ts';
import type { Route, Slot } from './route.ts';

/** When the first of the slots that are passed over may be chosen again; Infinity where none is. */
export function firstShunEndMs(route: Route, nowMs: number): number {
  let first = Infinity;
  for (const { shunnedUntilMs } of route.slots)
    if (shunnedUntilMs > nowMs && shunnedUntilMs < first) first = shunnedUntilMs;
  return first;
}

/** The replica to send to; undefined when every one is full or shunned. */
export function chooseSlot(job: Job, route: Route, nowMs: number): Slot | undefined {
  const { choosing } = job.lane;
  const anyShunned = firstShunEndMs(route, nowMs) !== Infinity;
  const replicas = anyShunned ? route.slots.filter((slot) => slot.shunnedUntilMs <= nowMs) : route.slots;
  const { decision, memory } = leastWork.decide({ nowMs, replicas }, choosing.turn);
  choosing.turn = memory;
  return decision === undefined ? undefined : replicas.find((slot) => slot.id === decision);
}
