import { band } from '../../src/policies/scale/band.ts';
import { fixed } from '../../src/policies/scale/fixed.ts';
import { hpa, hpaDefaults } from '../../src/policies/scale/hpa.ts';
import { keda, kedaDefaults } from '../../src/policies/scale/keda.ts';
import { kpa, kpaDefaults } from '../../src/policies/scale/kpa.ts';
import { latency } from '../../src/policies/scale/latency.ts';
import type { ScalePolicy } from '../../src/policies/scale/policy.ts';
import { predictive } from '../../src/policies/scale/predictive.ts';
import { tuningFor, type PredictiveTuning } from '../../src/policies/scale/predictive-tuning.ts';
import { learned } from '../../src/policies/scale/learned.ts';
import { steadinessNames, type Steadiness } from '#schema';
import type { Decider } from './fluid.ts';
import { between } from './tuned.ts';

/** A policy with one knob: the more, the more replicas. All are tuned by it to the same attainment. */
export interface Contender {
  readonly name: string;
  readonly knob: readonly [least: number, most: number];
  make(knob: number, coldStartMs: number): Decider;
}

/** Keeps the memory, and at least one replica. */
export function deciderOf<Memory>(policy: ScalePolicy<Memory>): Decider {
  let memory = policy.begin();
  return {
    decide(input) {
      const outcome = policy.decide(input, memory);
      ({ memory } = outcome);
      return { replicas: Math.max(1, outcome.decision) };
    },
  };
}

export const ours: Readonly<Record<Steadiness, string>> = {
  eager: 'predictive, eager',
  balanced: 'predictive',
  steady: 'predictive, steady',
};
export const learnedName = 'learned';

function tuned(name: string, tuningOf: (coldStartMs: number) => PredictiveTuning): Contender {
  return {
    name,
    knob: [0.8, 2.5],
    make: (headroom, coldStartMs) =>
      deciderOf(predictive({ attainment: 0.99, tuning: { ...tuningOf(coldStartMs), headroom }, gain: 0 })),
  };
}

/** From the fewest replica-hours to the fewest starts and stops: with one more between two that ship. */
export const frontier: readonly Contender[] = steadinessNames.flatMap((steadiness, at) => {
  const next = steadinessNames[at + 1];
  const shippedOne = tuned(ours[steadiness], (coldStartMs) => tuningFor(coldStartMs, steadiness));
  if (next === undefined) return [shippedOne];
  const middle = tuned(`between ${steadiness} and ${next}`, (coldStartMs) =>
    between(tuningFor(coldStartMs, steadiness), tuningFor(coldStartMs, next)),
  );
  return [shippedOne, middle];
});

export const contenders: readonly Contender[] = [
  { name: 'static', knob: [1, 100], make: (knob) => deciderOf(fixed(Math.ceil(knob))) },
  {
    name: 'hpa (utilisation)',
    knob: [1, 4],
    make: (knob) => deciderOf(hpa({ ...hpaDefaults, metric: 'utilisation', target: 1 / knob })),
  },
  {
    name: 'hpa (load)',
    knob: [0.8, 4],
    make: (knob) => deciderOf(hpa({ ...hpaDefaults, metric: 'load', target: 1 / knob })),
  },
  { name: 'kpa', knob: [0.8, 4], make: (knob) => deciderOf(kpa({ ...kpaDefaults, target: 1 / knob })) },
  { name: 'keda', knob: [0.8, 4], make: (knob) => deciderOf(keda({ ...kedaDefaults, target: 1 / knob })) },
  {
    name: 'latency',
    knob: [0.5, 5],
    make: (knob) => deciderOf(latency({ targetMs: 500 / knob, scaleDownWindowMs: 300_000 })),
  },
  { name: 'band', knob: [0.8, 5], make: (knob) => deciderOf(band({ upAt: 1 / knob, downAt: 0.5 / knob })) },
  ...frontier,
  {
    name: learnedName,
    knob: [0.7, 2],
    make: (knob) => deciderOf(learned({ attainment: 0.99, headroom: knob, gain: 0 })),
  },
];

/** As it ships: the headroom is led by what was late, nobody tunes anything. */
export function shipped(attainment: number): Decider {
  return deciderOf(predictive({ attainment }));
}
