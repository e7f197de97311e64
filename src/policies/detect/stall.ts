import type { Policy, Reason } from '../policy.ts';

export interface StallInput {
  /** Any clock that only grows. */
  readonly nowMs: number;
  /** `limits.stallMs` of the deployment. */
  readonly stallMs: number;
  /** What the replica answered; absent when it did not. */
  readonly life: { readonly progress: number; readonly active: number } | undefined;
}

/** What the policy remembers between two probes of one replica. */
export interface StallMemory {
  readonly progress: number | undefined;
  /** When it was last seen moving or idle; absent before the first probe. */
  readonly wellAtMs: number | undefined;
  /** Probes in a row without a sign of life. */
  readonly quietProbes: number;
}

/**
 * Looks that must have found it quiet, whatever the clock says: after a pause of our own (a suspended laptop, a
 * blocked loop) the first look alone would condemn every replica that was busy before.
 */
const quietProbesMin = 3;

const idle: Reason = { code: 'idle' };
const moving: Reason = { code: 'progress-moved' };

/** Alive but stuck: it has work and makes no progress, or does not answer, for `stallMs`. Idle replicas never stall. */
export const stall: Policy<StallInput, StallMemory, 'well' | 'stalled'> = {
  name: 'stall',
  begin: () => ({ progress: undefined, wellAtMs: undefined, quietProbes: 0 }),
  decide({ nowMs, stallMs, life }, memory) {
    const isIdle = life !== undefined && life.active <= 0;
    const hasMoved = life !== undefined && life.progress !== memory.progress;
    if (isIdle || hasMoved)
      return {
        decision: 'well',
        memory: { progress: life.progress, wellAtMs: nowMs, quietProbes: 0 },
        reason: isIdle ? idle : moving,
      };
    const wellAtMs = memory.wellAtMs ?? nowMs;
    const quietProbes = memory.quietProbes + 1;
    const quietMs = nowMs - wellAtMs;
    return {
      decision: quietMs >= stallMs && quietProbes >= quietProbesMin ? 'stalled' : 'well',
      memory: { progress: memory.progress, wellAtMs, quietProbes },
      reason: {
        code: life === undefined ? 'unanswered' : 'no-progress',
        facts: { quietMs, stallMs },
      },
    };
  },
};
