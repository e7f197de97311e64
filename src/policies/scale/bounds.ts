import type { ReplicaBounds } from '#schema';
import type { ScalePolicy } from './policy.ts';

/** Never fewer than `min`, never more than `max`: whatever the policy says. */
export function bounded<Memory>(
  inner: ScalePolicy<Memory>,
  { min, max }: ReplicaBounds,
): ScalePolicy<Memory> {
  return {
    ...inner,
    decide(input, memory) {
      const outcome = inner.decide(input, memory);
      const decision = Math.min(max, Math.max(min, outcome.decision));
      if (decision === outcome.decision) return outcome;
      const facts = { ...outcome.reason.facts, unbounded: outcome.decision };
      const code = decision > outcome.decision ? 'at-minimum' : 'at-maximum';
      return { ...outcome, decision, reason: { code, facts: { ...facts, because: outcome.reason.code } } };
    },
  };
}
