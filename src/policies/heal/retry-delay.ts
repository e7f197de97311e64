import type { Policy } from '../policy.ts';

export interface RetryInput {
  /** Tries before this one that came to nothing; 1 after the first. */
  readonly failures: number;
  /** A number in [0, 1), so that what failed together does not come back together. */
  readonly chance: number;
  /** What whoever refused asked to wait. */
  readonly wishedMs: number | undefined;
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait before work is tried again: doubling from `firstMs` to `longestMs`, spread by a quarter to both
 * sides, and never less than what was asked for.
 */
export const retryDelay: Policy<RetryInput, undefined, number> = {
  name: 'retry-delay',
  begin: () => undefined,
  decide({ failures, chance, wishedMs, firstMs, longestMs }) {
    const doubled = firstMs * 2 ** Math.min(Math.max(failures, 1) - 1, 30);
    const spread = Math.min(doubled, longestMs) * (0.75 + 0.5 * chance);
    const delayMs = Math.round(Math.max(Math.min(spread, longestMs), wishedMs ?? 0));
    const code = delayMs === wishedMs ? 'as-was-asked' : 'backed-off';
    return { decision: delayMs, memory: undefined, reason: { code, facts: { failures, delayMs } } };
  },
};
