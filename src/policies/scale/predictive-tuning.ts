/** What the predictive policy is tuned by. Times in milliseconds. */
export interface PredictiveTuning {
  /** The last moments, and the longer while whose trend is followed. */
  readonly fastMs: number;
  readonly baseMs: number;
  /** How much of the trend is believed: 0 none, 1 all. */
  readonly slope: number;
  /** How much of what the last moments are above the trend is believed to last. */
  readonly pull: number;
  /** What was needed within this time is kept, times the band. */
  readonly holdMs: number;
  readonly band: number;
  /** What waits is to be worked off in so long a time. */
  readonly drainMs: number;
  /** Fractions of a replica up to this are rounded down. */
  readonly round: number;
  /** Spare capacity to begin with, as a factor; belongs to 99 % in time. */
  readonly headroom: number;
}

/**
 * Found by black-box search in the fluid model of `bench/scaling`, on the first days of four production loads, with
 * fewer starts and stops among equals (`npm run tune:scaling`). Short starts follow the last moments; long ones keep
 * to the trend and give back late.
 */
const tunings: readonly (PredictiveTuning & { readonly coldStartMs: number })[] = [
  {
    coldStartMs: 30_000,
    fastMs: 40_000,
    baseMs: 40_000,
    slope: 0.58,
    pull: 0.43,
    holdMs: 70_000,
    band: 1.086,
    drainMs: 285_000,
    round: 0.11,
    headroom: 1.022,
  },
  {
    coldStartMs: 120_000,
    fastMs: 10_000,
    baseMs: 1_710_000,
    slope: 0.09,
    pull: 0.65,
    holdMs: 30_000,
    band: 1.044,
    drainMs: 52_000,
    round: 0.16,
    headroom: 1.167,
  },
  {
    coldStartMs: 300_000,
    fastMs: 20_000,
    baseMs: 2_230_000,
    slope: 0.14,
    pull: 0.63,
    holdMs: 270_000,
    band: 1.091,
    drainMs: 61_000,
    round: -0.14,
    headroom: 1.185,
  },
];

/** The nearest in ratio: 60 seconds are as far from 30 as from 120. */
export function tuningFor(coldStartMs: number): PredictiveTuning {
  const distance = (other: number): number => Math.abs(Math.log(Math.max(1000, coldStartMs) / other));
  return tunings.reduce((best, one) => (distance(one.coldStartMs) < distance(best.coldStartMs) ? one : best));
}
