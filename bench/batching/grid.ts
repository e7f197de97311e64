import { printTable } from '../harness/result.ts';
import { burstyArrivals, poissonArrivals, recordedArrivals, type Arrivals } from './arrivals.ts';
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

/**
 * How requests come: by chance, in bursts such as a few large clients make (coefficient of variation 13), and as they
 * came to a real service.
 */
const patterns = {
  poisson: (count: number) => poissonArrivals(count, 7),
  bursty: (count: number) => burstyArrivals(count, 13, 7),
  recorded: () => recordedArrivals(),
};

interface Grid {
  readonly title: string;
  readonly cells: readonly Cell[];
  readonly names: readonly string[];
  readonly create: (count: number) => Arrivals;
}

/** The mean goodput of each batcher as a share of the bound, after a table cell by cell. */
function runCells({ title, cells: some, names, create }: Grid): ReadonlyMap<string, number> {
  const made = new Map<number, Arrivals>();
  const arrivalsOf = (cell: Cell): Arrivals => {
    const count = requestsFor(cell);
    const arrivals = made.get(count) ?? create(count);
    made.set(count, arrivals);
    return arrivals;
  };
  const columns = names.map((name) =>
    some.map((cell) => goodputToBound(cell, kinds[name] ?? millrace, arrivalsOf(cell))),
  );
  printTable([
    [title, ...names],
    ...some.map(({ curve, objectiveMs, places }, at) => [
      `${curve} ${objectiveMs} ms × ${places}`,
      ...columns.map((shares) => (shares[at] ?? 0).toFixed(3)),
    ]),
    ['mean', ...columns.map((shares) => mean(shares).toFixed(3))],
  ]);
  console.log();
  return new Map(names.map((name, at) => [name, mean(columns[at] ?? [])]));
}

const few = ['millrace', 'eager', 'deferred'];

export function runGrid(): Record<string, number> {
  const { poisson, bursty, recorded } = patterns;
  const all = { cells, names: Object.keys(kinds) };
  const byChance = runCells({ ...all, title: 'goodput ÷ bound', create: poisson });
  const inBursts = runCells({ cells, names: few, title: 'the same in bursts', create: bursty });
  // The record is short: eight replicas would be through with it in less than a second.
  const single = cells.filter(({ places }) => places === 1);
  const asRecorded = runCells({ cells: single, names: few, title: 'as recorded (Azure)', create: recorded });
  const figures: Record<string, number> = {};
  for (const [name, share] of byChance)
    figures[name === 'millrace' ? 'grid_goodput_to_bound' : `grid_${name}_to_bound`] = share;
  for (const [name, share] of inBursts) figures[`grid_bursty_${name}_to_bound`] = share;
  for (const [name, share] of asRecorded) figures[`grid_recorded_${name}_to_bound`] = share;
  return figures;
}

/** Microseconds that the policy takes for a decision, over a run near the bound. */
export function decisionTime(): number {
  const stopwatch: Stopwatch = { decisions: 0, totalMs: 0 };
  for (const cell of cells)
    goodputToBound(cell, (one) => millrace(one, stopwatch), poissonArrivals(20_000, 11));
  return (stopwatch.totalMs / stopwatch.decisions) * 1000;
}
