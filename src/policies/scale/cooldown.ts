import { decided, type ScalePolicy } from './policy.ts';

export interface CooldownMemory<Inner> {
  readonly inner: Inner;
  /** The look before: when it was, and what was wanted then. */
  readonly before: { readonly atMs: number; readonly wanted: number } | undefined;
  readonly changedAtMs: number | undefined;
}

/** Not fewer within `cooldownMs` after the last change, whoever made it; more at any time. */
export function cooled<Inner>(
  inner: ScalePolicy<Inner>,
  cooldownMs: number,
): ScalePolicy<CooldownMemory<Inner>> {
  return {
    name: inner.name,
    begin: () => ({ inner: inner.begin(), before: undefined, changedAtMs: undefined }),
    decide(input, memory) {
      const outcome = inner.decide(input, memory.inner);
      const { nowMs, wanted } = input;
      const { before } = memory;
      // When the last change was before the first look nobody knows: it may just have been.
      const lastAtMs = memory.changedAtMs ?? nowMs;
      const changedAtMs = before === undefined || before.wanted === wanted ? lastAtMs : before.atMs;
      const sinceMs = nowMs - changedAtMs;
      const waits = outcome.decision < wanted && sinceMs < cooldownMs;
      const decision = waits ? wanted : outcome.decision;
      const facts = { ...outcome.reason.facts, sinceMs, because: outcome.reason.code };
      const reason = waits ? { code: 'cooldown', facts } : outcome.reason;
      const next = { inner: outcome.memory, before: { atMs: nowMs, wanted }, changedAtMs };
      return decided(decision, next, reason);
    },
  };
}
