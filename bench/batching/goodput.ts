import { batchMs, steadySize } from '#policies';
import type { Arrivals } from './arrivals.ts';
import { simulate, type Batcher, type Cell } from './world.ts';

/** Requests per millisecond that the replicas can keep up in turns: the staggered bound. */
function staggeredBound(cell: Cell): number {
  const size = steadySize(cell);
  return (cell.places * size) / batchMs(cell.rates, size);
}

/** At least so many requests, and at least so many objectives long: what is left at the end must not matter. */
export function requestsFor(cell: Cell): number {
  const objectives = 1000 * cell.objectiveMs * staggeredBound(cell);
  return Math.max(100_000, Math.ceil(objectives / 10_000) * 10_000);
}

/** The largest rate at which 99 % are answered in time, as a share of the bound; by bisection. */
export function goodputToBound(cell: Cell, create: (cell: Cell) => Batcher, arrivals: Arrivals): number {
  const bound = staggeredBound(cell);
  let [low, high] = [0.02, 1.3];
  for (let step = 0; step < 11; step++) {
    const middle = (low + high) / 2;
    const { inTime } = simulate(cell, create(cell), { arrivals, perMs: middle * bound });
    if (inTime >= 0.99 * arrivals.length) low = middle;
    else high = middle;
  }
  return low;
}
