import type { Policy } from '../policy.ts';

export interface RestartInput {
  readonly nowMs: number;
  /** A number in [0, 1), so that many deployments do not all try at the same moment. */
  readonly chance: number;
  /** Whether replicas have failed since the last decision. */
  readonly failed: boolean;
  /** For how long every wanted replica has been ready; absent while one is missing. */
  readonly steadyMs: number | undefined;
}

/** Kept in the deployment's status, so that it survives a restart of the control plane. */
export interface RestartMemory {
  /** Failures in a row. */
  readonly restarts: number;
  /** Before this no replica is started; absent when nothing is being delayed. */
  readonly nextStartAtMs: number | undefined;
}

export const restartDelayMinMs = 500;
export const restartDelayMaxMs = 60_000;
/** Ready for this long, earlier failures are forgiven. */
export const steadyAfterMs = 60_000;

/**
 * 0.5 s, 1 s, 2 s, … 60 s, each spread by a quarter to both sides. Doubling outgrows the spread
 * (1.25·d < 0.75·2d), so a delay below the cap is always longer than the one before.
 */
function delayMs(restarts: number, chance: number): number {
  const base = restartDelayMinMs * 2 ** Math.min(restarts, 16);
  return Math.min(restartDelayMaxMs, base * (0.75 + 0.5 * chance));
}

function remember(input: RestartInput, memory: RestartMemory): RestartMemory {
  const { nowMs, chance, failed, steadyMs } = input;
  const waits = memory.nextStartAtMs !== undefined && memory.nextStartAtMs > nowMs;
  // Replicas that were started together fail together: while the next attempt is being waited for, a further
  // failure belongs to the same wave and does not make the delay grow again.
  if (failed && !waits)
    return { restarts: memory.restarts + 1, nextStartAtMs: nowMs + delayMs(memory.restarts, chance) };
  if (waits) return memory;
  const isSteady = steadyMs !== undefined && steadyMs >= steadyAfterMs;
  return { restarts: isSteady ? 0 : memory.restarts, nextStartAtMs: undefined };
}

/** Whether a replica may be started now, or must wait because others have failed before it. */
export const restartDelay: Policy<RestartInput, RestartMemory, 'start' | 'wait'> = {
  name: 'restart-delay',
  begin: () => ({ restarts: 0, nextStartAtMs: undefined }),
  decide(input, memory) {
    const next = remember(input, memory);
    if (next.nextStartAtMs === undefined)
      return { decision: 'start', memory: next, reason: { code: 'nothing-delayed' } };
    const facts = { restarts: next.restarts, waitMs: next.nextStartAtMs - input.nowMs };
    return { decision: 'wait', memory: next, reason: { code: 'failed-before', facts } };
  },
};
