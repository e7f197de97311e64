import type { ScalePolicy } from './policy.ts';

export interface StepLimits {
  readonly upMax: number;
  readonly downMax: number;
}

/** No leaps: at most so many more or less than what was wanted before. */
export function stepLimited<Memory>(
  inner: ScalePolicy<Memory>,
  { upMax, downMax }: StepLimits,
): ScalePolicy<Memory> {
  return {
    ...inner,
    decide(input, memory) {
      const outcome = inner.decide(input, memory);
      const { wanted } = input;
      const decision = Math.min(wanted + upMax, Math.max(wanted - downMax, outcome.decision));
      if (decision === outcome.decision) return outcome;
      const facts = { ...outcome.reason.facts, unlimited: outcome.decision, because: outcome.reason.code };
      return { ...outcome, decision, reason: { code: 'step-limit', facts } };
    },
  };
}
