/** What batching needs of a service curve: a batch of b occupies a replica for `inputMs · b + fixedMs`. */
export interface BatchRates {
  readonly inputMs: number;
  readonly fixedMs: number;
}

/** Below this a request's own share counts as nothing: a curve learned from one size can be flat. */
const inputMsMin = 1e-6;

export function batchMs({ inputMs, fixedMs }: BatchRates, size: number): number {
  return Math.max(inputMs, inputMsMin) * size + fixedMs;
}

/** The largest batch that is done within `withinMs`; below 1 where not even one request is. */
export function sizeWithin({ inputMs, fixedMs }: BatchRates, withinMs: number): number {
  return Math.floor((withinMs - fixedMs) / Math.max(inputMs, inputMsMin) + 1e-9);
}

export interface Steady {
  readonly rates: BatchRates;
  readonly objectiveMs: number;
  /** Batches that run at the same time: replicas, as a rule. */
  readonly places: number;
  readonly sizeMax: number;
}

/**
 * The largest batch that N replicas can keep up in turns. A replica is free every l(b)/N, so the oldest request has
 * waited that long when its batch starts: the largest b with (1 + 1/N) · l(b) ≤ objective (Nexus, Symphony). At least
 * 1: an objective that is out of reach is no reason to send nothing.
 */
export function steadySize({ rates, objectiveMs, places, sizeMax }: Steady): number {
  const size = sizeWithin(rates, objectiveMs / (1 + 1 / places));
  return Math.max(1, Math.min(size, sizeMax));
}

/**
 * The smallest batch at which N replicas keep up with requests that come at this rate: b with N · b / l(b) = rate.
 * Infinity where none does.
 */
export function sustainingSize(rates: BatchRates, places: number, ratePerMs: number): number {
  const leftPlaces = places - ratePerMs * rates.inputMs;
  return leftPlaces > 0 ? (ratePerMs * rates.fixedMs) / leftPlaces : Infinity;
}
