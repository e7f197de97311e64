/**
 * Scaling policies on production loads, in a fluid queue of ten-second steps: replica-hours divided by what would do
 * if replicas came at once and the future were known. Every policy is tuned by its one knob to the same share of
 * requests in time; what else there is in a policy was tuned on the first days, and the last days are reported.
 *
 *     npm run bench:scaling -- [--data ../shared/data] [--colds 30,120,300] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { printResult, printTable } from './harness/result.ts';
import { baselinesOf, cellsOf, holds, type Cell } from './scaling/cells.ts';
import { contenders, frontier, learnedName, ours, shipped } from './scaling/contenders.ts';
import { clairvoyantCost, runFluid } from './scaling/fluid.ts';
import { clairvoyantRatio } from './scaling/frontier.ts';
import { knownMeanName, knownMeanRows } from './scaling/known-mean.ts';
import { boundOf, churnOf, meanOf, measure, waitMs, type Given, type Row } from './scaling/measure.ts';
import { loadTraces, type LoadTrace } from './scaling/traces.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    colds: { type: 'string', default: '30,120,300' },
    seed: { type: 'string', default: '1' },
  },
});

function text(value: number | undefined, digits = 3): string {
  return value === undefined || !Number.isFinite(value) ? 'fails' : value.toFixed(digits);
}

/** As it ships: nothing is tuned to the load, so attainment is what it comes to. */
function tellShipped(traces: readonly LoadTrace[], { attainment, coldStartMs }: Given): void {
  const told = traces.map(({ report }) => {
    const { paid, attained } = runFluid(report, shipped(attainment), { coldStartMs, waitMs });
    return `${(paid / boundOf(report)).toFixed(3)} (${(attained * 100).toFixed(2)} %)`;
  });
  console.log(`${ours.balanced} as it ships, headroom led by what was late: ${told.join('  ')}`);
}

function tell(traces: readonly LoadTrace[], rows: readonly Row[], given: Given): void {
  const { attainment, coldStartMs } = given;
  console.log(`\ncold start ${coldStartMs / 1000} s, ${attainment * 100} % in time (replica-hours ÷ bound)`);
  const clairvoyant = traces.map(({ report }) => {
    return clairvoyantCost(report, { coldStartMs, keepMs: coldStartMs }).paid / boundOf(report);
  });
  const names = traces.map(({ name }) => name);
  printTable([
    ['', ...names, 'mean', 'first days', 'starts+stops/day', 'carried: ratio', 'in time'],
    ['clairvoyant', ...clairvoyant.map((ratio) => text(ratio)), text(meanOf(clairvoyant)), '', '', '', ''],
    ...rows.map((row) => [
      row.name,
      ...row.loads.map(({ last }) => text(last)),
      text(meanOf(row.loads.map(({ last }) => last))),
      text(meanOf(row.loads.map(({ first }) => first))),
      text(churnOf(row), 0),
      text(meanOf(row.loads.map(({ carried }) => carried?.ratio))),
      text(meanOf(row.loads.map(({ carried }) => (carried?.attained ?? NaN) * 100)), 2),
    ]),
  ]);
  tellShipped(traces, given);
}

function lastOf({ loads }: Row): number {
  return meanOf(loads.map(({ last }) => last));
}

function hpaChurn(rows: readonly Row[]): number {
  return churnOf(rows.find(({ name }) => name === 'hpa (load)') ?? { name: '', loads: [] });
}

interface Frontier {
  readonly rows: readonly Row[];
  readonly known: readonly Row[];
  readonly coldStartMs: number;
}

/**
 * Fewer starts and stops cost replica-hours: how much, how much of that if the mean were known and only the noise were
 * not, and how much even a known future would.
 */
function tellFrontier(traces: readonly LoadTrace[], { rows, known, coldStartMs }: Frontier): void {
  const hpa = hpaChurn(rows);
  const named = new Set([...frontier, ...known].map(({ name }) => name));
  for (const name of [learnedName, 'hpa (load)', 'kpa']) named.add(name);
  const shown = [...rows, ...known]
    .filter(({ name }) => named.has(name))
    .toSorted((left, right) => churnOf(right) - churnOf(left));
  console.log('Starts and stops against replica-hours:');
  printTable([
    ['', "starts+stops ÷ HPA's", 'ratio', 'clairvoyant with as many'],
    ...shown.map((row) => [
      row.name,
      text(churnOf(row) / hpa, 2),
      text(lastOf(row)),
      text(clairvoyantRatio(row, traces, coldStartMs)),
    ]),
  ]);
}

function tellCells(cells: readonly Cell[]): void {
  console.log(`\n${ours.balanced} beside the best baseline of each cell`);
  for (const cell of cells) {
    const worse = `${(100 * cell.worse).toFixed(1)} %`.padStart(7);
    const verdict = holds(cell) ? 'holds' : 'WORSE';
    console.log(
      `${cell.name.padEnd(28)} ${text(cell.mine)}  ${text(cell.best)} ${cell.bestName.padEnd(17)} ${worse}  ${verdict}`,
    );
  }
  console.log(`${cells.filter(holds).length} of ${cells.length} cells are worse by 1 % at most.`);
}

function figuresOf(rows: readonly Row[], name: string): Readonly<Record<string, number>> {
  const found = (wanted: string): Row => rows.find((row) => row.name === wanted) ?? { name, loads: [] };
  const hpa = hpaChurn(rows);
  const mine = found(ours.balanced);
  const others = baselinesOf(rows).map(lastOf).filter(Number.isFinite);
  return {
    [`ratio_${name}`]: lastOf(mine),
    [`first_days_ratio_${name}`]: meanOf(mine.loads.map(({ first }) => first)),
    [`best_other_ratio_${name}`]: Math.min(...others),
    [`churn_to_hpa_${name}`]: churnOf(mine) / hpa,
    [`eager_ratio_${name}`]: lastOf(found(ours.eager)),
    [`eager_churn_to_hpa_${name}`]: churnOf(found(ours.eager)) / hpa,
    [`steady_ratio_${name}`]: lastOf(found(ours.steady)),
    [`steady_churn_to_hpa_${name}`]: churnOf(found(ours.steady)) / hpa,
    [`learned_ratio_${name}`]: lastOf(found(learnedName)),
    [`learned_churn_to_hpa_${name}`]: churnOf(found(learnedName)) / hpa,
    [`carried_ratio_${name}`]: meanOf(mine.loads.map(({ carried }) => carried?.ratio)),
    [`carried_in_time_${name}`]: meanOf(mine.loads.map(({ carried }) => carried?.attained)),
  };
}

function knownFigures(known: readonly Row[], rows: readonly Row[], name: string) {
  const hpa = hpaChurn(rows);
  const balanced = known.filter((row) => row.name === knownMeanName('balanced'));
  return {
    [`mean_known_ratio_${name}`]: meanOf(balanced.map(lastOf)),
    [`mean_known_churn_to_hpa_${name}`]: meanOf(balanced.map(churnOf)) / hpa,
  };
}

const traces = loadTraces(options.data, Number(options.seed));
if (traces === undefined) {
  console.error(`There are no loads in ${options.data}; name their folder with --data.`);
  process.exit(1);
}
/** Who is worth the time at 99.9 %: the nearest baselines, what we ship as default, and what is calmer. */
const close = new Set(['hpa (utilisation)', 'hpa (load)', 'kpa', ours.balanced, ours.steady, learnedName]);
const figures: Record<string, number> = {};
const cells: Cell[] = [];
const names = traces.map(({ name }) => name);
const beganMs = performance.now();
for (const attainment of [0.99, 0.999])
  for (const coldS of options.colds.split(',').map(Number)) {
    const given = { attainment, coldStartMs: coldS * 1000 };
    const entered = attainment === 0.99 ? contenders : contenders.filter(({ name }) => close.has(name));
    const rows = entered.map((contender) => measure(contender, traces, given));
    tell(traces, rows, given);
    cells.push(...cellsOf(rows, names, given));
    Object.assign(figures, figuresOf(rows, attainment === 0.99 ? `${coldS}s_99` : `${coldS}s_999`));
    if (attainment !== 0.99) continue;
    const known = knownMeanRows(traces, given);
    tellFrontier(traces, { rows, known, coldStartMs: given.coldStartMs });
    Object.assign(figures, knownFigures(known, rows, `${coldS}s`));
    figures[`churn_to_hpa_${coldS}s`] = figures[`churn_to_hpa_${coldS}s_99`] ?? NaN;
  }
tellCells(cells);
console.log(`It took ${((performance.now() - beganMs) / 1000).toFixed(0)} s.`);
printResult({
  ...figures,
  worst_to_best_baseline: Math.max(...cells.map(({ worse }) => worse)),
  cells_that_hold: cells.filter(holds).length,
  cells: cells.length,
});
