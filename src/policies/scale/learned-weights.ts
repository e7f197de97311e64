/**
 * Weights of 1, of the last moment, a minute and five minutes over the half hour's mean, of the spread, and of one over
 * the root of the mean. In shares of the half hour's mean.
 */
export interface LearnedWeights {
  readonly least: readonly number[];
  readonly most: readonly number[];
  /** What waits is to be worked off in so long a time. */
  readonly drainMs: number;
}

interface Found extends LearnedWeights {
  readonly coldStartMs: number;
}

/** Found by `npm run tune:scaling -- --policy learned`, on the first days of four production loads. */
const found: readonly Found[] = [
  {
    coldStartMs: 30_000,
    least: [0.9797, 1.1445, 0.178, -0.0965, 1.0957, -0.0488],
    most: [1.1219, 0.7168, -0.0678, 0.0691, 1.5854, -0.0417],
    drainMs: 42_000,
  },
  {
    coldStartMs: 120_000,
    least: [1.083, 0.8501, 0.5033, 0.1361, 0.7634, -0.0061],
    most: [1.195, 0.761, -0.2276, 0.4984, 1.5594, 0.0982],
    drainMs: 105_000,
  },
  {
    coldStartMs: 300_000,
    least: [1.1235, 0.5734, 0.6932, 0.0307, 0.8202, 0.0029],
    most: [1.343, 0.6236, 0.0771, 0.4356, 1.5287, -0.0304],
    drainMs: 52_000,
  },
];

/** The nearest in ratio. */
export function learnedFor(coldStartMs: number): LearnedWeights {
  const distance = (other: number): number => Math.abs(Math.log(Math.max(1000, coldStartMs) / other));
  return found.reduce((best, one) => (distance(one.coldStartMs) < distance(best.coldStartMs) ? one : best));
}
