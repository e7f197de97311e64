import type { Outcome } from '../policy.ts';
import { hasWork } from './has-work.ts';
import { decided, type ScalePolicy } from './policy.ts';

export interface ToZeroMemory<Inner> {
  readonly inner: Inner;
  /** When there was last something to do; the first look counts as such. */
  readonly busyAtMs: number | undefined;
}

function atLeastOne<Inner>(outcome: Outcome<number, Inner>, wanted: number, quietMs: number) {
  if (wanted > 0 && outcome.decision > 0) return outcome;
  const facts = { ...outcome.reason.facts, quietMs, because: outcome.reason.code };
  const reason = { code: wanted === 0 ? 'woken' : 'not-idle-yet', facts };
  return { decision: Math.max(1, outcome.decision), reason };
}

/**
 * No replica after `afterMs` without work; one at once when there is some. Until then at least one. After infinity it
 * leaves everything to the policy. What loads is not idle: whoever was told to come again when it has loaded would find
 * that it has to load.
 */
export function toZero<Inner>(inner: ScalePolicy<Inner>, afterMs: number): ScalePolicy<ToZeroMemory<Inner>> {
  return {
    name: inner.name,
    begin: () => ({ inner: inner.begin(), busyAtMs: undefined }),
    decide(input, memory) {
      const { load, nowMs, wanted, loading } = input;
      const outcome = inner.decide(input, memory.inner);
      if (afterMs === Infinity) return { ...outcome, memory: { ...memory, inner: outcome.memory } };
      if (load === undefined) return decided(wanted, memory, { code: 'no-measurements' });
      const active = (loading === true && wanted > 0) || hasWork(load);
      const busyAtMs = active ? nowMs : (memory.busyAtMs ?? nowMs);
      const next = { inner: outcome.memory, busyAtMs };
      const quietMs = nowMs - busyAtMs;
      if (!active && (wanted === 0 || quietMs >= afterMs))
        return decided(0, next, { code: 'idle', facts: { quietMs } });
      return { ...atLeastOne(outcome, wanted, quietMs), memory: next };
    },
  };
}
