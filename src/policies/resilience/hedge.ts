import type { Policy, Reason } from '../policy.ts';

export interface HedgeInput {
  /** Whether doing the work twice does no harm. */
  readonly repeatable: boolean;
  /** Whether it was sent twice already. */
  readonly hedged: boolean;
  /** Whether another replica could begin now, and nobody waits for it. */
  readonly hasRoom: boolean;
}

/** Times until answers began, and second calls that may be made now. Changed in place. */
export interface HedgeMemory {
  tokens: number;
  /** How many took so long; each cell's times are 1.2 times those of the one before. */
  readonly counts: Float64Array;
  total: number;
}

const cells = 96;
const firstCellMs = 0.1;
const growth = 1.2;
/** From so many on all counts are halved: what is older counts less. */
const totalMax = 2000;
/** Fewer tell nothing about the slowest twentieth. */
const totalMin = 100;
const quantile = 0.95;
const tokensMax = 5;

const unsafe: Reason = { code: 'work-may-not-be-done-twice' };
const twice: Reason = { code: 'was-hedged' };
const full: Reason = { code: 'no-room-to-hedge' };
const spent: Reason = { code: 'hedge-budget-spent' };
const slow: Reason = { code: 'hedged' };

export function earnHedge(memory: HedgeMemory, share: number): void {
  memory.tokens = Math.min(tokensMax, memory.tokens + share);
}

/** Takes in how long an answer took to begin. */
export function hearTook(memory: HedgeMemory, tookMs: number): void {
  const { counts } = memory;
  const cell = Math.ceil(Math.log(Math.max(firstCellMs, tookMs) / firstCellMs) / Math.log(growth));
  const at = Math.min(cells - 1, cell);
  counts[at] = (counts[at] ?? 0) + 1;
  memory.total += 1;
  if (memory.total < totalMax) return;
  memory.total = 0;
  for (let index = 0; index < cells; index++) memory.total += counts[index] = (counts[index] ?? 0) / 2;
}

/** After how long a request is slower than 95 of 100, from above by at most a fifth; undefined while too few are known. */
export function hedgeAfterMs({ counts, total }: HedgeMemory): number | undefined {
  if (total < totalMin) return undefined;
  let below = 0;
  for (let at = 0; at < cells; at++) {
    below += counts[at] ?? 0;
    if (below >= quantile * total) return firstCellMs * growth ** at;
  }
  return undefined;
}

function refusalOf({ repeatable, hedged, hasRoom }: HedgeInput, { tokens }: HedgeMemory): Reason | undefined {
  if (!repeatable) return unsafe;
  if (hedged) return twice;
  if (!hasRoom) return full;
  return tokens < 1 ? spent : undefined;
}

/**
 * Whether a request that has taken longer than 95 of 100 is sent to a second replica too, whichever answers first
 * (Dean, Barroso, "The Tail at Scale", 2013). Only what may be done twice, and within a share of all requests.
 */
export const hedge: Policy<HedgeInput, HedgeMemory, boolean> = {
  name: 'hedge',
  begin: () => ({ tokens: 1, counts: new Float64Array(cells), total: 0 }),
  decide(input, memory) {
    const refusal = refusalOf(input, memory);
    if (refusal !== undefined) return { decision: false, memory, reason: refusal };
    memory.tokens -= 1;
    return { decision: true, memory, reason: slow };
  },
};
