import { batchMs, type BatchRates } from './steady-size.ts';

/**
 * How soon requests come after a run has ended. Callers who wait for their answer and ask again come back together,
 * a moment after it: whoever sends what waits at that very moment splits them into halves that take turns for ever.
 * Changed in place by `noteFreed` and `noteCame`.
 */
export interface Returns {
  /** When the last run ended; undefined before the first. */
  freedMs: number | undefined;
  /** How many it answered, and how many came since. */
  answered: number;
  came: number;
  /** How many of them came within each window. */
  readonly within: Float64Array;
  /** The usual share of those answered that comes within each window. */
  readonly shares: Float64Array;
}

const windowsMs = [0.5, 1, 2, 4, 8] as const;
const weight = 0.1;
/** What is gained by waiting must be so many times what it costs: neither is known well. */
const worth = 2;

export function createReturns(): Returns {
  return {
    freedMs: undefined,
    answered: 0,
    came: 0,
    within: new Float64Array(windowsMs.length),
    shares: new Float64Array(windowsMs.length),
  };
}

/** A run has ended and answered so many. */
export function noteFreed(
  returns: Returns,
  { nowMs, answered }: { readonly nowMs: number; readonly answered: number },
): void {
  const { freedMs, within, shares } = returns;
  if (freedMs !== undefined && returns.answered > 0)
    for (let at = 0; at < shares.length; at++) {
      const share = Math.min(1, (within[at] ?? 0) / returns.answered);
      shares[at] = (shares[at] ?? 0) + weight * (share - (shares[at] ?? 0));
    }
  within.fill(0);
  returns.freedMs = nowMs;
  returns.answered = answered;
  returns.came = 0;
}

/** A request has come. */
export function noteCame(returns: Returns, nowMs: number): void {
  const { freedMs, within } = returns;
  if (freedMs === undefined) return;
  returns.came += 1;
  for (const [at, windowMs] of windowsMs.entries())
    if (nowMs - freedMs <= windowMs) within[at] = (within[at] ?? 0) + 1;
}

export interface Lingering {
  readonly nowMs: number;
  /** Requests that wait now. */
  readonly waiting: number;
  readonly rates: BatchRates;
}

/**
 * Until when it pays to wait for those who come back; -Infinity where it does not. Each that joins saves a run its
 * fixed time; meanwhile the replica idles, which costs each of those who wait the time they wait: with k that join w
 * within t, more is done in the same time where k · l(0) > w · t.
 */
export function returnUntilMs(returns: Returns, { nowMs, waiting, rates }: Lingering): number {
  const { freedMs, answered, came, shares } = returns;
  let [until, best] = [-Infinity, 0];
  if (freedMs === undefined) return until;
  const savedMs = batchMs(rates, 0);
  for (const [at, windowMs] of windowsMs.entries()) {
    const leftMs = freedMs + windowMs - nowMs;
    const missing = (shares[at] ?? 0) * answered - came;
    const gain = missing * savedMs - worth * waiting * leftMs;
    if (leftMs > 0 && gain > best) [until, best] = [freedMs + windowMs, gain];
  }
  return until;
}
