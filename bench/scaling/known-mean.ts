import type { Forecaster, Seen } from '../../src/policies/forecast/forecaster.ts';
import { predictive } from '../../src/policies/scale/predictive.ts';
import { tuningFor } from '../../src/policies/scale/predictive-tuning.ts';
import { steadinessNames, type Steadiness } from '#schema';
import { deciderOf, type Contender } from './contenders.ts';
import { lastOnly, type Given, type Row } from './measure.ts';
import { persistence, replicaRatePerS, stepMs, type LoadTrace } from './traces.ts';

/** Knows the course of the mean, also of what is to come, and the law of the noise: all but the noise itself. */
function meanKnown(mean: Float64Array, seen?: Seen): Forecaster {
  const meanAt = (atMs: number): number =>
    (mean[Math.min(mean.length, Math.max(1, Math.round(atMs / stepMs))) - 1] ?? 0) / replicaRatePerS;
  return {
    name: 'mean-known',
    see: (sample) => meanKnown(mean, sample),
    ahead(byMs) {
      if (seen === undefined) return undefined;
      const now = meanAt(seen.atMs);
      const noise = now === 0 ? 0 : seen.value / now - 1;
      return Math.max(0, meanAt(seen.atMs + byMs) * (1 + persistence ** (byMs / stepMs) * noise));
    },
  };
}

export function knownMeanName(steadiness: Steadiness): string {
  return `the mean known, ${steadiness}`;
}

function contenderOf(steadiness: Steadiness, { reportMean }: LoadTrace): Contender {
  return {
    name: knownMeanName(steadiness),
    knob: [0.8, 2.5],
    make: (headroom, coldStartMs) => {
      const tuning = { ...tuningFor(coldStartMs, steadiness), headroom };
      return deciderOf(
        predictive({ attainment: 0.99, tuning, gain: 0, forecasters: [meanKnown(reportMean)] }),
      );
    },
  };
}

/** What the predictive policy would come to, were only the noise left to foresee: nobody's forecast does better. */
export function knownMeanRows(traces: readonly LoadTrace[], given: Given): readonly Row[] {
  return steadinessNames.map((steadiness) => ({
    name: knownMeanName(steadiness),
    loads: traces.map((trace) => lastOnly(contenderOf(steadiness, trace), trace.report, given)),
  }));
}
