import type { AttemptFailure, Fallback } from '#schema';
import type { Policy, Reason } from '../policy.ts';

export interface ChainInput {
  /** How the attempt failed; undefined when the caller is to blame: nobody else would answer better. */
  readonly failure: AttemptFailure | undefined;
  readonly chain: readonly Fallback[];
  /** Of the caller's patience; Infinity when it named none. */
  readonly leftMs: number;
  readonly isThere: (deployment: string) => boolean;
}

const callersFault: Reason = { code: 'caller-is-to-blame' };
const noTime: Reason = { code: 'no-time-left' };
const exhausted: Reason = { code: 'chain-exhausted' };

/**
 * The next deployment of a chain that answers this kind of failure. The memory is how many of the chain were passed:
 * none is asked twice, so every chain ends.
 */
export const nextInChain: Policy<ChainInput, number, Fallback | undefined> = {
  name: 'next-in-chain',
  begin: () => 0,
  decide({ failure, chain, leftMs, isThere }, passed) {
    const end = { decision: undefined, memory: chain.length };
    if (failure === undefined) return { ...end, reason: callersFault };
    if (leftMs <= 0) return { ...end, reason: noTime };
    for (let at = passed; at < chain.length; at++) {
      const candidate = chain[at];
      if (candidate === undefined || !candidate.on.includes(failure) || !isThere(candidate.deployment))
        continue;
      return {
        decision: candidate,
        memory: at + 1,
        reason: { code: `fallback-on-${failure}`, facts: { at } },
      };
    }
    return { ...end, reason: exhausted };
  },
};
