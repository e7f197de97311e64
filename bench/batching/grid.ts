import { printTable } from '../harness/result.ts';
import { burstyArrivals, poissonArrivals, type Arrivals } from './arrivals.ts';
import { additiveIncrease, deferred, eager, fixedDelay, millrace, type Stopwatch } from './batchers.ts';
import { bentoml } from './bentoml.ts';
import { goodputToBound, requestsFor } from './goodput.ts';
import type { Batcher, Cell } from './world.ts';

/** A large share that does not grow with the batch, a very large one, and a small one. */
const curves = {
  mixed: { inputMs: 1, fixedMs: 5 },
  flat: { inputMs: 0.3, fixedMs: 6 },
  steep: { inputMs: 2, fixedMs: 4 },
};

/** So large that it never decides: what is measured is the policy, not a limit. */
const sizeMax = 1024;

const cells: readonly Cell[] = [1, 8].flatMap((places) =>
  [25, 50, 100].flatMap((objectiveMs) =>
    Object.entries(curves).map(([curve, rates]) => ({ curve, rates, objectiveMs, places, sizeMax })),
  ),
);

type Kind = (cell: Cell) => Batcher;

const kinds: Readonly<Record<string, Kind>> = {
  millrace,
  eager,
  deferred,
  fixed_delay: fixedDelay,
  bentoml,
  aimd: additiveIncrease,
};

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** How requests come: evenly by chance, and in bursts such as a few large clients make (coefficient of variation 13). */
const patterns = {
  poisson: (count: number) => poissonArrivals(count, 7),
  bursty: (count: number) => burstyArrivals(count, 13, 7),
};

/** One row a batcher: its goodput as a share of the bound, cell by cell. */
function rowsFor(names: readonly string[], create: (count: number) => Arrivals): Map<string, number[]> {
  const made = new Map<number, Arrivals>();
  const arrivalsOf = (cell: Cell): Arrivals => {
    const count = requestsFor(cell);
    const arrivals = made.get(count) ?? create(count);
    made.set(count, arrivals);
    return arrivals;
  };
  return new Map(
    names.map((name) => [
      name,
      cells.map((cell) => goodputToBound(cell, kinds[name] ?? millrace, arrivalsOf(cell))),
    ]),
  );
}

function printGrid(title: string, rows: ReadonlyMap<string, readonly number[]>): void {
  const names = cells.map(({ curve, objectiveMs, places }) => `${curve} ${objectiveMs} ms × ${places}`);
  const columns = [...rows.values()];
  printTable([
    [title, ...rows.keys()],
    ...names.map((name, at) => [name, ...columns.map((shares) => (shares[at] ?? 0).toFixed(3))]),
    ['mean', ...columns.map((shares) => mean(shares).toFixed(3))],
  ]);
  console.log();
}

export function runGrid(): Record<string, number> {
  const poisson = rowsFor(Object.keys(kinds), patterns.poisson);
  printGrid('goodput ÷ bound', poisson);
  const bursty = rowsFor(['millrace', 'eager', 'deferred'], patterns.bursty);
  printGrid('the same in bursts', bursty);
  const figures: Record<string, number> = {};
  for (const [name, shares] of poisson)
    figures[name === 'millrace' ? 'grid_goodput_to_bound' : `grid_${name}_to_bound`] = mean(shares);
  for (const [name, shares] of bursty) figures[`grid_bursty_${name}_to_bound`] = mean(shares);
  return figures;
}

/** Microseconds that the policy takes for a decision, over a run near the bound. */
export function decisionTime(): number {
  const stopwatch: Stopwatch = { decisions: 0, totalMs: 0 };
  for (const cell of cells)
    goodputToBound(cell, (one) => millrace(one, stopwatch), poissonArrivals(20_000, 11));
  return (stopwatch.totalMs / stopwatch.decisions) * 1000;
}
