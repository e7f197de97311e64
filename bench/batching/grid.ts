import { printTable } from '../harness/result.ts';
import { poissonArrivals, type Arrivals } from './arrivals.ts';
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

export const cells: readonly Cell[] = [1, 8].flatMap((places) =>
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

/** One row a batcher: its goodput as a share of the bound, cell by cell. */
function row(kind: Kind, arrivalsOf: (cell: Cell) => Arrivals): readonly number[] {
  return cells.map((cell) => goodputToBound(cell, kind, arrivalsOf(cell)));
}

export function runGrid(): Record<string, number> {
  const made = new Map<number, Arrivals>();
  const arrivalsOf = (cell: Cell): Arrivals => {
    const count = requestsFor(cell);
    const arrivals = made.get(count) ?? poissonArrivals(count, 7);
    made.set(count, arrivals);
    return arrivals;
  };
  const rows = Object.entries(kinds).map(([name, kind]) => ({ name, shares: row(kind, arrivalsOf) }));
  const titles = cells.map(({ curve, objectiveMs, places }) => `${curve} ${objectiveMs} ms × ${places}`);
  printTable([
    ['goodput ÷ bound', ...rows.map(({ name }) => name)],
    ...titles.map((title, at) => [title, ...rows.map(({ shares }) => (shares[at] ?? 0).toFixed(3))]),
    ['mean', ...rows.map(({ shares }) => mean(shares).toFixed(3))],
  ]);
  const figures: Record<string, number> = {};
  for (const { name, shares } of rows)
    figures[name === 'millrace' ? 'grid_goodput_to_bound' : `grid_${name}_to_bound`] = mean(shares);
  return figures;
}

/** Microseconds that the policy takes for a decision, over a run near the bound. */
export function decisionTime(): number {
  const stopwatch: Stopwatch = { decisions: 0, totalMs: 0 };
  for (const cell of cells)
    goodputToBound(cell, (one) => millrace(one, stopwatch), poissonArrivals(20_000, 11));
  return (stopwatch.totalMs / stopwatch.decisions) * 1000;
}
