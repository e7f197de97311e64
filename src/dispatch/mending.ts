import { hedge, retryBudget, type HedgeMemory, type Reason, type RetryMemory } from '#policies';

/** What is remembered of a deployment for when replicas fail or are slow. */
export interface Mending {
  readonly retries: RetryMemory;
  readonly hedging: HedgeMemory;
  /** How often each reason decided. There are as many as the policies know. */
  readonly tally: Map<string, number>;
  /** When the keys of its endpoints were last read because one was refused (monotonic). */
  keysReadMs: number;
}

export function createMending(): Mending {
  return { retries: retryBudget.begin(), hedging: hedge.begin(), tally: new Map(), keysReadMs: -Infinity };
}

export function countReason({ tally }: Mending, code: Reason['code']): void {
  tally.set(code, (tally.get(code) ?? 0) + 1);
}
