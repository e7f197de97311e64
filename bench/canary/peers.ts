import { normalQuantile } from './world.ts';

/** What one minute of one version looks like to those who compare time series. */
export interface Minute {
  readonly errorRate: number;
  readonly p95Ms: number;
}

export type Judge = (candidate: readonly Minute[], baseline: readonly Minute[]) => boolean;

const confidence = 0.98;
const tolerance = 0.25;
const pointsMin = 10;

/**
 * Kayenta's MannWhitneyClassifier: the Hodges–Lehmann estimate of the shift and its 98 % interval, from all pairwise
 * differences; bad when the interval lies beyond a quarter of the estimate.
 */
function isHigh(candidate: readonly number[], baseline: readonly number[]): boolean {
  const differences = Float64Array.from(
    candidate.flatMap((one) => baseline.map((other) => one - other)),
  ).toSorted();
  const [n, m] = [candidate.length, baseline.length];
  const middle = Math.floor((n * m) / 2);
  const estimate = ((differences[middle] ?? 0) + (differences[n * m - 1 - middle] ?? 0)) / 2;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const rank = Math.round((n * m) / 2 - z * Math.sqrt((n * m * (n + m + 1)) / 12));
  const lower = differences[Math.max(0, rank - 1)] ?? -Infinity;
  return lower > tolerance * Math.abs(estimate);
}

function series(minutes: readonly Minute[], name: keyof Minute): readonly number[] {
  return minutes.map((minute) => minute[name]);
}

/** Judged every minute from the tenth on, errors and 95th percentile both critical; the baseline is of equal size. */
export const kayenta: Judge = (candidate, baseline) => {
  if (candidate.length < pointsMin) return false;
  return (['errorRate', 'p95Ms'] as const).some((name) =>
    isHigh(series(candidate, name), series(baseline, name)),
  );
};

const failuresMax = 3;

/** A rule as in Argo Rollouts or Flagger: three minutes above a fixed threshold, in all, end the release. */
export function fixedThreshold(limits: Minute): Judge {
  return (candidate) => {
    const failures = candidate.filter(
      ({ errorRate, p95Ms }) => errorRate > limits.errorRate || p95Ms > limits.p95Ms,
    );
    return failures.length >= failuresMax;
  };
}
