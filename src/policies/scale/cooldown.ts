import { decided, type ScalePolicy } from './policy.ts';

export interface CooldownMemory<Inner> {
  readonly inner: Inner;
  readonly changedAtMs: number | undefined;
}

/** Not fewer within `cooldownMs` after the last change; more at any time. */
export function cooled<Inner>(
  inner: ScalePolicy<Inner>,
  cooldownMs: number,
): ScalePolicy<CooldownMemory<Inner>> {
  return {
    name: inner.name,
    begin: () => ({ inner: inner.begin(), changedAtMs: undefined }),
    decide(input, memory) {
      const outcome = inner.decide(input, memory.inner);
      const { nowMs, wanted } = input;
      // When the last change was before the first look nobody knows: it may just have been.
      const lastAtMs = memory.changedAtMs ?? nowMs;
      const sinceMs = nowMs - lastAtMs;
      const waits = outcome.decision < wanted && sinceMs < cooldownMs;
      const decision = waits ? wanted : outcome.decision;
      const changedAtMs = decision === wanted ? lastAtMs : nowMs;
      const facts = { ...outcome.reason.facts, sinceMs, because: outcome.reason.code };
      const reason = waits ? { code: 'cooldown', facts } : outcome.reason;
      return decided(decision, { inner: outcome.memory, changedAtMs }, reason);
    },
  };
}
