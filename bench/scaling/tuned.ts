import type { PredictiveTuning } from '../../src/policies/scale/predictive-tuning.ts';

/** What the predictive policy is tuned by: times, of which ratios count, and shares. */
export const tunedTimes = ['baseMs', 'noiseMs', 'keepMs', 'holdMs', 'drainMs', 'spreadMs'] as const;
export const tunedShares = ['band', 'spare', 'round', 'spreadShare', 'headroom'] as const;

/** In the middle of two tunings. */
export function between(one: PredictiveTuning, other: PredictiveTuning): PredictiveTuning {
  const times = tunedTimes.map((name) => [name, Math.sqrt(one[name] * other[name])]);
  const shares = tunedShares.map((name) => [name, (one[name] + other[name]) / 2]);
  return { ...one, ...Object.fromEntries([...times, ...shares]) };
}
