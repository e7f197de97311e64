import type { Clock } from '#contracts';
import type { Chosen } from '#dispatch';

function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** What every answer of ours tells of itself. */
export interface Told {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly timing: { readonly queue_ms: number; readonly total_ms: number };
}

interface Answered {
  readonly requestId: string;
  readonly chosen: Chosen;
  readonly startedMs: number;
}

export function toldOf(clock: Clock, { requestId, chosen, startedMs }: Answered): Told {
  return {
    id: requestId,
    model: chosen.deployment,
    // `@version` of the label of who answered.
    version: chosen.model.slice(chosen.model.lastIndexOf('@') + 1),
    timing: { queue_ms: roundMs(chosen.queueMs), total_ms: roundMs(clock.monotonicMs() - startedMs) },
  };
}
