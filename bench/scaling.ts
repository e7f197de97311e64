/**
 * Scaling policies on production loads, in a fluid queue of ten-second steps: replica-hours divided by what would do
 * if replicas came at once and the future were known. Every policy is tuned by its one knob to the same share of
 * requests in time; what else there is in a policy was tuned on the first days, and the last days are reported.
 *
 *     npm run bench:scaling -- [--data ../shared/data] [--colds 30,120,300] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { printResult, printTable } from './harness/result.ts';
import { contenders, ours, shipped, type Contender } from './scaling/contenders.ts';
import { clairvoyantCost, needOf, runFluid, type FluidResult } from './scaling/fluid.ts';
import { loadTraces, stepMs, type LoadTrace } from './scaling/traces.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    colds: { type: 'string', default: '30,120,300' },
    seed: { type: 'string', default: '1' },
  },
});
const waitMs = 1000;
const coldStartsS = options.colds.split(',').map(Number);

interface Tuned {
  readonly knob: number;
  readonly result: FluidResult;
}

/** The least of the knob with which enough are in time; undefined when even the most does not do. */
function tune(contender: Contender, rates: Float64Array, given: Given): Tuned | undefined {
  const { attainment, coldStartMs } = given;
  const run = (knob: number): FluidResult =>
    runFluid(rates, contender.make(knob, coldStartMs), { coldStartMs, waitMs });
  let [low, high] = contender.knob;
  let best = run(high);
  if (best.attained < attainment) return undefined;
  for (let round = 0; round < 9; round++) {
    const middle = (low + high) / 2;
    const result = run(middle);
    if (result.attained >= attainment) [high, best] = [middle, result];
    else low = middle;
  }
  return { knob: high, result: best };
}

interface Given {
  readonly attainment: number;
  readonly coldStartMs: number;
}

function boundOf(rates: Float64Array): number {
  let sum = 0;
  for (const count of needOf(rates)) sum += count;
  return sum;
}

interface Row {
  readonly name: string;
  /** Per load. */
  readonly ratios: readonly (number | undefined)[];
  /** Starts and stops a day, summed over the loads. */
  readonly churn: number;
  /** With the knob of the first days. */
  readonly carried: readonly { readonly ratio: number; readonly attained: number }[];
}

function meanOf(values: readonly (number | undefined)[]): number {
  const sum = values.reduce<number>((total, value) => total + (value ?? NaN), 0);
  return sum / values.length;
}

function days(rates: Float64Array): number {
  return (rates.length * stepMs) / 86_400_000;
}

function measure(contender: Contender, traces: readonly LoadTrace[], given: Given): Row {
  const { coldStartMs } = given;
  const reported = traces.map(({ report }) => tune(contender, report, given));
  const carried = traces.flatMap(({ tune: first, report }) => {
    const tuned = tune(contender, first, given);
    if (tuned === undefined) return [];
    const result = runFluid(report, contender.make(tuned.knob, coldStartMs), { coldStartMs, waitMs });
    return [{ ratio: result.paid / boundOf(report), attained: result.attained }];
  });
  return {
    name: contender.name,
    ratios: reported.map((tuned, at) => {
      const report = traces[at]?.report;
      return tuned && report && tuned.result.paid / boundOf(report);
    }),
    churn: reported.reduce(
      (sum, tuned, at) =>
        sum + (tuned?.result.churn ?? NaN) / days(traces[at]?.report ?? new Float64Array(1)),
      0,
    ),
    carried,
  };
}

/** As it ships: nothing is tuned to the load, so attainment is what it comes to. */
function measureShipped(traces: readonly LoadTrace[], { attainment, coldStartMs }: Given) {
  return traces.map(({ report }) => {
    const result = runFluid(report, shipped(attainment), { coldStartMs, waitMs });
    return { ratio: result.paid / boundOf(report), attained: result.attained };
  });
}

function text(value: number | undefined, digits = 3): string {
  return value === undefined || !Number.isFinite(value) ? 'fails' : value.toFixed(digits);
}

function tell(traces: readonly LoadTrace[], rows: readonly Row[], given: Given): void {
  const { attainment, coldStartMs } = given;
  console.log(`\ncold start ${coldStartMs / 1000} s, ${attainment * 100} % in time (replica-hours ÷ bound)`);
  const clairvoyant = traces.map(({ report }) => clairvoyantCost(report, coldStartMs) / boundOf(report));
  printTable([
    ['', ...traces.map(({ name }) => name), 'mean', 'starts+stops/day', 'carried: ratio', 'in time'],
    ['clairvoyant', ...clairvoyant.map((ratio) => text(ratio)), text(meanOf(clairvoyant)), '', '', ''],
    ...rows.map(({ name, ratios, churn, carried }) => [
      name,
      ...ratios.map((ratio) => text(ratio)),
      text(meanOf(ratios)),
      text(churn, 0),
      text(meanOf(carried.map(({ ratio }) => ratio))),
      text(meanOf(carried.map(({ attained }) => attained * 100)), 2),
    ]),
  ]);
  const led = measureShipped(traces, given);
  const told = led.map(({ ratio, attained }) => `${ratio.toFixed(3)} (${(attained * 100).toFixed(2)} %)`);
  console.log(`${ours} as it ships, headroom led by what was late: ${told.join('  ')}`);
}

const traces = loadTraces(options.data, Number(options.seed));
if (traces === undefined) {
  console.error(`There are no loads in ${options.data}; name their folder with --data.`);
  process.exit(1);
}
const figures: Record<string, number> = {};
for (const attainment of [0.99, 0.999])
  for (const coldS of attainment === 0.99 ? coldStartsS : coldStartsS.filter((s) => s === 120)) {
    const given = { attainment, coldStartMs: coldS * 1000 };
    const rows = contenders.map((contender) => measure(contender, traces, given));
    tell(traces, rows, given);
    const name = `${coldS}s_${attainment === 0.99 ? '99' : '999'}`;
    const mine = rows.find((row) => row.name === ours);
    const others = rows.filter((row) => row.name !== ours);
    const hpa = rows.find((row) => row.name === 'hpa (load)');
    const best = Math.min(...others.map(({ ratios }) => meanOf(ratios)).filter(Number.isFinite));
    figures[`ratio_${name}`] = meanOf(mine?.ratios ?? []);
    figures[`best_other_ratio_${name}`] = best;
    figures[`carried_ratio_${name}`] = meanOf((mine?.carried ?? []).map(({ ratio }) => ratio));
    figures[`carried_in_time_${name}`] = meanOf((mine?.carried ?? []).map(({ attained }) => attained));
    figures[`churn_to_hpa_${name}`] = (mine?.churn ?? NaN) / (hpa?.churn ?? NaN);
  }
printResult(figures);
