/**
 * Searches settings of the predictive policy for one cold start, on the first days of the loads: at random around the
 * best so far, first for the cost at equal attainment until it is below `--goal`, then for fewer starts and stops.
 * What it prints goes into `src/policies/scale/predictive-tuning.ts`.
 *
 *     npm run tune:scaling -- --cold 30 --goal 1.107 [--trials 200] [--seed 1] [--data ../shared/data]
 */
import { parseArgs } from 'node:util';
import { predictive } from '../../src/policies/scale/predictive.ts';
import { tuningFor, type PredictiveTuning } from '../../src/policies/scale/predictive-tuning.ts';
import { createSeededRng } from '../../src/sim/clock/index.ts';
import { deciderOf } from './contenders.ts';
import { needOf, runFluid, type FluidResult } from './fluid.ts';
import { loadTraces, stepMs } from './traces.ts';

const { values: options } = parseArgs({
  options: {
    cold: { type: 'string', default: '30' },
    goal: { type: 'string', default: '1.107' },
    trials: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: '../shared/data' },
  },
});
const coldStartMs = Number(options.cold) * 1000;
const goal = Number(options.goal);
const attainment = 0.99;
const rng = createSeededRng(Number(options.seed));
const traces = loadTraces(options.data) ?? [];

/** The headroom with which 99 % are in time, and what that costs. */
function fitted(tuning: PredictiveTuning, rates: Float64Array): FluidResult & { headroom: number } {
  const run = (headroom: number): FluidResult => {
    const policy = predictive({ attainment, gain: 0, tuning: { ...tuning, headroom } });
    return runFluid(rates, deciderOf(policy), { coldStartMs, waitMs: 1000 });
  };
  let [low, high] = [0.7, 2.5];
  for (let round = 0; round < 9; round++) {
    const middle = (low + high) / 2;
    if (run(middle).attained >= attainment) high = middle;
    else low = middle;
  }
  return { ...run(high), headroom: high };
}

interface Judged {
  readonly tuning: PredictiveTuning;
  readonly ratio: number;
  readonly changesPerDay: number;
  readonly score: number;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function judge(tuning: PredictiveTuning): Judged {
  const results = traces.map(({ tune: rates }) => {
    const { paid, churn, headroom } = fitted(tuning, rates);
    const bound = needOf(rates).reduce((sum, count) => sum + count, 0);
    return { ratio: paid / bound, changes: (churn * 86_400_000) / (rates.length * stepMs), headroom };
  });
  const ratio = mean(results.map((result) => result.ratio));
  const changesPerDay = mean(results.map((result) => result.changes));
  const headroom = mean(results.map((result) => result.headroom));
  const score = Math.max(0, ratio - goal) * 20 + changesPerDay / 10_000;
  return { tuning: { ...tuning, headroom }, ratio, changesPerDay, score };
}

/** Times are whole steps: the model knows nothing between them. */
function steps(ms: number, times: number): number {
  return Math.max(1, Math.round((ms / stepMs) * times)) * stepMs;
}

function factor(): number {
  return rng.next() < 0.4 ? Math.exp(rng.next() - 0.5) : 1;
}

function shift(most: number): number {
  return rng.next() < 0.4 ? (rng.next() - 0.5) * most : 0;
}

function varied(tuning: PredictiveTuning): PredictiveTuning {
  const fastMs = steps(tuning.fastMs, factor());
  return {
    fastMs,
    baseMs: Math.max(fastMs, steps(tuning.baseMs, factor())),
    slope: Math.max(0, tuning.slope + shift(0.4)),
    pull: Math.max(0, tuning.pull + shift(0.3)),
    holdMs: steps(tuning.holdMs, factor()),
    band: Math.max(1, tuning.band + shift(0.1)),
    drainMs: tuning.drainMs * factor(),
    round: tuning.round + shift(0.3),
    headroom: tuning.headroom,
  };
}

if (traces.length === 0) {
  console.error(`There are no loads in ${options.data}; name their folder with --data.`);
  process.exit(1);
}
let best = judge(tuningFor(coldStartMs));
for (let trial = 0; trial < Number(options.trials); trial++) {
  const judged = judge(varied(best.tuning));
  if (judged.score >= best.score) continue;
  best = judged;
  console.log(
    `trial ${trial}: ratio ${best.ratio.toFixed(4)}, ${best.changesPerDay.toFixed(0)} changes a day`,
  );
}
console.log(JSON.stringify({ coldStartMs, ...best.tuning }, undefined, 2));
