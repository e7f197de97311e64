import type { LoadReading } from '#contracts';
import type { ScaleLoad } from '#policies';

export interface Interval {
  readonly before: LoadReading;
  readonly now: LoadReading;
  readonly elapsedMs: number;
  readonly ready: number;
}

/** The load between two readings, in replicas. */
export function loadBetween({ before, now, elapsedMs, ready }: Interval): ScaleLoad {
  const replicaMs = elapsedMs * now.places;
  const begun = now.begun - before.begun;
  const taken = ready === 0 ? 0 : (now.takenMs - before.takenMs) / (replicaMs * ready);
  return {
    offered: Math.max(0, now.arrivedWorkMs - before.arrivedWorkMs) / replicaMs,
    backlog: now.waitingWorkMs / 1000 / now.places,
    occupied: now.inside / now.places,
    utilisation: Math.min(1, Math.max(0, taken)),
    latencyMs: begun > 0 ? (now.firstByteMs - before.firstByteMs) / begun : undefined,
    due: { count: now.due - before.due, late: now.late - before.late },
  };
}
