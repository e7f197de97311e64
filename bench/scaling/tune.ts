/**
 * Searches what scaling policies are tuned by, for one cold start, on the first days of the loads, by an evolution
 * strategy in the fluid model. What it prints goes into `src/policies/scale`: `learned-weights.ts`, or
 * `predictive-tuning.ts`. Judged as `bench:scaling` judges: replica-hours at the same share in time. Starts and stops are
 * free up to `--churn` times as many as of Kubernetes' autoscaler, and no load should cost more than with it. One draw of
 * the noise moves the figures by a hundredth or two: `--draws 3 --attainments 0.99,0.999` is surer, and six times slower.
 *
 *     npm run tune:scaling -- --policy predictive --cold 300 [--churn 1] [--trials 240] [--seed 1]
 *         [--draws 1] [--attainments 0.99] [--days 3] [--data ../shared/data]
 */
import { parseArgs } from 'node:util';
import { learned } from '../../src/policies/scale/learned.ts';
import { learnedFor, type LearnedWeights } from '../../src/policies/scale/learned-weights.ts';
import { predictive } from '../../src/policies/scale/predictive.ts';
import { tuningFor, type PredictiveTuning } from '../../src/policies/scale/predictive-tuning.ts';
import { createSeededRng } from '../../src/sim/clock/index.ts';
import { contenders, deciderOf, type Contender } from './contenders.ts';
import type { Decider } from './fluid.ts';
import { boundOf, meanOf, tune } from './measure.ts';
import { search } from './search.ts';
import { loadTraces, stepMs } from './traces.ts';
import { tunedShares, tunedTimes } from './tuned.ts';

const { values: options } = parseArgs({
  options: {
    policy: { type: 'string', default: 'learned' },
    cold: { type: 'string', default: '30' },
    churn: { type: 'string', default: '1' },
    days: { type: 'string', default: '3' },
    trials: { type: 'string', default: '240' },
    seed: { type: 'string', default: '1' },
    draws: { type: 'string', default: '1' },
    attainments: { type: 'string', default: '0.99' },
    data: { type: 'string', default: '../shared/data' },
  },
});
const coldStartMs = Number(options.cold) * 1000;
const churnMax = Number(options.churn);

/** A policy as numbers that a search may vary. */
interface Searched {
  readonly begin: readonly number[];
  readonly spreads: readonly number[];
  readonly knob: Contender['knob'];
  make(numbers: readonly number[], headroom: number): Decider;
  show(numbers: readonly number[], headroom: number): object;
}

function weightsOf(numbers: readonly number[], headroom = 1): LearnedWeights {
  const rounded = numbers.map((value) => Number((value * headroom).toFixed(4)));
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
    knob: [0.7, 2],
    make: (numbers, headroom) =>
      deciderOf(learned({ attainment: 0.99, gain: 0, headroom, weights: weightsOf(numbers) })),
    show: (numbers, headroom) => ({ coldStartMs, ...weightsOf(numbers, headroom) }),
  };
}

function tuningOf(numbers: readonly number[], headroom: number): PredictiveTuning {
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
    headroom,
  };
}

function searchedPredictive(): Searched {
  const tuning = tuningFor(coldStartMs);
  const begin = [
    ...tunedTimes.map((name) => Math.log(Math.max(1, tuning[name] / 1000))),
    ...tunedShares.slice(0, -1).map((name) => tuning[name]),
  ];
  return {
    begin,
    spreads: [...tunedTimes.map(() => 0.3), 0.03, 0.05, 0.1, 0.2],
    knob: [0.8, 2.5],
    make: (numbers, headroom) =>
      deciderOf(predictive({ attainment: 0.99, gain: 0, tuning: tuningOf(numbers, headroom) })),
    show: (numbers, headroom) => ({ coldStartMs, ...tuningOf(numbers, Number(headroom.toFixed(3))) }),
  };
}

/** One load in one draw of its noise, and how many should be in time. */
interface Trial {
  readonly rates: Float64Array;
  readonly attainment: number;
}

interface Outcome {
  readonly ratio: number;
  readonly churn: number;
  readonly knob: number;
}

function draw(seed: number): readonly Float64Array[] {
  const traces = loadTraces(options.data, seed);
  if (traces === undefined) {
    console.error(`There are no loads in ${options.data}; name their folder with --data.`);
    process.exit(1);
  }
  const steps = (Number(options.days) * 86_400_000) / stepMs;
  return traces.map((trace) => trace.tune.slice(-steps));
}

/** Who fails even with the most of the knob pays dearly. */
const failed: Outcome = { ratio: 9, churn: 0, knob: 1 };

function outcomeOf(contender: Contender, { rates, attainment }: Trial): Outcome {
  const found = tune(contender, rates, { attainment, coldStartMs });
  if (found === undefined) return failed;
  return { ratio: found.result.paid / boundOf(rates), churn: found.result.churn, knob: found.knob };
}

const draws = Array.from({ length: Number(options.draws) }, (_, at) =>
  draw(Number(options.seed) + at),
).flat();
const attainments = options.attainments.split(',').map(Number);
const trials = attainments.flatMap((attainment) => draws.map((rates) => ({ rates, attainment })));
const hpa = contenders.find(({ name }) => name === 'hpa (load)');
const beside = trials.map((trial) => (hpa === undefined ? failed : outcomeOf(hpa, trial)));

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function judge(searched: Searched, numbers: readonly number[]) {
  const make = (headroom: number): Decider => searched.make(numbers, headroom);
  const outcomes = trials.map((trial) => outcomeOf({ name: 'searched', knob: searched.knob, make }, trial));
  const ratio = meanOf(outcomes.map((outcome) => outcome.ratio));
  const churn =
    sumOf(outcomes.map((outcome) => outcome.churn)) / sumOf(beside.map((outcome) => outcome.churn));
  const worse = meanOf(
    outcomes.map((outcome, at) => Math.max(0, outcome.ratio / (beside[at]?.ratio ?? 1) - 1)),
  );
  const score = ratio + 0.3 * Math.max(0, churn - churnMax) + 0.5 * worse;
  return {
    ratio,
    churn,
    worse,
    score,
    headroom: meanOf(outcomes.slice(0, draws.length).map(({ knob }) => knob)),
  };
}

const searched = options.policy === 'learned' ? searchedLearned() : searchedPredictive();
const found = search(searched.begin, (numbers) => judge(searched, numbers).score, {
  rng: createSeededRng(Number(options.seed)),
  trials: Number(options.trials),
  spreads: searched.spreads,
  tell: (trial, score) => console.log(`trial ${trial}: ${score.toFixed(4)}`),
});
const { ratio, churn, worse, headroom } = judge(searched, found);
console.log(
  `ratio ${ratio.toFixed(4)}, ${churn.toFixed(2)} × HPA's starts and stops, ${(100 * worse).toFixed(2)} % above it where above`,
);
console.log(JSON.stringify(searched.show(found, headroom), undefined, 2));
