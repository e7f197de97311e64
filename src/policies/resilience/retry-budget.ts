import type { Policy, Reason } from '../policy.ts';

export interface RetryInput {
  /** Attempts made so far, and how many a request may make. */
  readonly attempts: number;
  readonly attemptsMax: number;
  /** Whether the replica may have begun the work. */
  readonly begun: boolean;
  /** Whether doing the work twice does no harm. */
  readonly repeatable: boolean;
  /** Whether the caller has heard the beginning of an answer: then it is too late. */
  readonly answered: boolean;
}

/** Retries that may be made now. Changed in place. */
export interface RetryMemory {
  tokens: number;
}

/** So many at once at most, and to begin with: a deployment that is asked rarely may retry too. */
const tokensMax = 10;

const again: Reason = { code: 'retried' };
const late: Reason = { code: 'answer-had-begun' };
const unsafe: Reason = { code: 'work-may-have-begun' };
const often: Reason = { code: 'attempts-used-up' };
const spent: Reason = { code: 'retry-budget-spent' };

function refusalOf(
  { attempts, attemptsMax, begun, repeatable, answered }: RetryInput,
  { tokens }: RetryMemory,
) {
  if (answered) return late;
  if (begun && !repeatable) return unsafe;
  if (attempts >= attemptsMax) return often;
  return tokens < 1 ? spent : undefined;
}

/** Every first attempt earns this share of a retry. */
export function earnRetry(memory: RetryMemory, share: number): void {
  memory.tokens = Math.min(tokensMax, memory.tokens + share);
}

/**
 * Whether a failed request is tried again. Only what no replica has begun, or what may be done twice, and only while
 * the caller has heard nothing. All retries of a deployment together are a share of its requests: without a budget
 * they multiply the load just when replicas fail from it.
 */
export const retryBudget: Policy<RetryInput, RetryMemory, boolean> = {
  name: 'retry-budget',
  begin: () => ({ tokens: tokensMax }),
  decide(input, memory) {
    const refusal = refusalOf(input, memory);
    if (refusal !== undefined) return { decision: false, memory, reason: refusal };
    memory.tokens -= 1;
    return { decision: true, memory, reason: again };
  },
};
