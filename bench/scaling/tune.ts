/**
 * Searches what scaling policies are tuned by, for one cold start, on the first days of the loads, by an evolution
 * strategy in the fluid model. What it prints goes into `src/policies/scale`: `learned-weights.ts`, or
 * `predictive-tuning.ts`. More than 1 % late costs more than anything it could save; starts and stops are free up to
 * `--churn` times as many as of Kubernetes' autoscaler.
 *
 *     npm run tune:scaling -- --policy learned --cold 30 [--churn 2] [--trials 240] [--seed 1] [--data ../shared/data]
 */
import { parseArgs } from 'node:util';
import { hpa, hpaDefaults } from '../../src/policies/scale/hpa.ts';
import { learned } from '../../src/policies/scale/learned.ts';
import { learnedFor, type LearnedWeights } from '../../src/policies/scale/learned-weights.ts';
import { predictive } from '../../src/policies/scale/predictive.ts';
import { tuningFor, type PredictiveTuning } from '../../src/policies/scale/predictive-tuning.ts';
import { createSeededRng } from '../../src/sim/clock/index.ts';
import { deciderOf } from './contenders.ts';
import { runFluid, type Decider, type FluidResult } from './fluid.ts';
import { boundOf, meanOf, waitMs } from './measure.ts';
import { search } from './search.ts';
import { loadTraces, stepMs } from './traces.ts';
import { tunedShares, tunedTimes } from './tuned.ts';

const { values: options } = parseArgs({
  options: {
    policy: { type: 'string', default: 'learned' },
    cold: { type: 'string', default: '30' },
    churn: { type: 'string', default: '2' },
    days: { type: 'string', default: '3' },
    trials: { type: 'string', default: '240' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: '../shared/data' },
  },
});
const coldStartMs = Number(options.cold) * 1000;
const churnMax = Number(options.churn);
const lateMax = 0.01;

/** A policy as numbers that a search may vary. */
interface Searched {
  readonly begin: readonly number[];
  readonly spreads: readonly number[];
  make(numbers: readonly number[]): Decider;
  show(numbers: readonly number[]): object;
}

function weightsOf(numbers: readonly number[]): LearnedWeights {
  const rounded = numbers.map((value) => Number(value.toFixed(4)));
  return {
    least: rounded.slice(0, 6),
    most: rounded.slice(6, 12),
    drainMs: Math.round(Math.exp(numbers[12] ?? 0)) * 1000,
  };
}

function searchedLearned(): Searched {
  const { least, most, drainMs } = learnedFor(coldStartMs);
  const spreads = [0.03, 0.1, 0.1, 0.1, 0.3, 0.1];
  return {
    begin: [...least, ...most, Math.log(drainMs / 1000)],
    spreads: [...spreads, ...spreads, 0.4],
    make: (numbers) => deciderOf(learned({ attainment: 0.99, gain: 0, weights: weightsOf(numbers) })),
    show: (numbers) => ({ coldStartMs, ...weightsOf(numbers) }),
  };
}

function tuningOf(numbers: readonly number[]): PredictiveTuning {
  const time = (at: number): number => Math.round(Math.exp(numbers[at] ?? 0)) * 1000;
  const share = (at: number): number => Number((numbers[tunedTimes.length + at] ?? 0).toFixed(3));
  return {
    baseMs: time(0),
    noiseMs: time(1),
    keepMs: time(2),
    holdMs: time(3),
    drainMs: time(4),
    spreadMs: time(5),
    band: Math.max(1, share(0)),
    spare: Math.max(0, share(1)),
    round: share(2),
    spreadShare: Math.min(1, Math.max(0, share(3))),
    headroom: share(4),
  };
}

function searchedPredictive(): Searched {
  const tuning = tuningFor(coldStartMs);
  return {
    begin: [
      ...tunedTimes.map((name) => Math.log(Math.max(1, tuning[name] / 1000))),
      ...tunedShares.map((name) => tuning[name]),
    ],
    spreads: [...tunedTimes.map(() => 0.3), 0.03, 0.05, 0.1, 0.2, 0.02],
    make: (numbers) =>
      deciderOf(predictive({ attainment: 0.99, gain: 0, forecast: 'reverting', tuning: tuningOf(numbers) })),
    show: (numbers) => ({ coldStartMs, ...tuningOf(numbers) }),
  };
}

const traces = loadTraces(options.data) ?? [];
if (traces.length === 0) {
  console.error(`There are no loads in ${options.data}; name their folder with --data.`);
  process.exit(1);
}
const steps = (Number(options.days) * 86_400_000) / stepMs;
const loads = traces.map(({ tune }) => tune.slice(-steps));
const bounds = loads.map(boundOf);
const run = (rates: Float64Array, decider: Decider): FluidResult =>
  runFluid(rates, decider, { coldStartMs, waitMs });
const hpaChanges = loads.reduce(
  (sum, rates) => sum + run(rates, deciderOf(hpa({ ...hpaDefaults, metric: 'load' }))).churn,
  0,
);

function judge(decider: () => Decider) {
  const results = loads.map((rates) => run(rates, decider()));
  const ratio = meanOf(results.map(({ paid }, at) => paid / (bounds[at] ?? 1)));
  const late = meanOf(results.map(({ attained }) => Math.max(0, 1 - attained - lateMax)));
  const churn = results.reduce((sum, result) => sum + result.churn, 0) / hpaChanges;
  return { ratio, late, churn, score: ratio + 15 * late + 0.2 * Math.max(0, churn - churnMax) };
}

const searched = options.policy === 'learned' ? searchedLearned() : searchedPredictive();
const found = search(searched.begin, (numbers) => judge(() => searched.make(numbers)).score, {
  rng: createSeededRng(Number(options.seed)),
  trials: Number(options.trials),
  spreads: searched.spreads,
  tell: (trial, score) => console.log(`trial ${trial}: ${score.toFixed(4)}`),
});
const { ratio, late, churn } = judge(() => searched.make(found));
console.log(
  `ratio ${ratio.toFixed(4)}, late beyond 1 %: ${late.toFixed(4)}, ${churn.toFixed(2)} × HPA's starts and stops`,
);
console.log(JSON.stringify(searched.show(found), undefined, 2));
