import type { Steadiness } from '#schema';

/** What the predictive policy is tuned by. Times in milliseconds. */
export interface PredictiveTuning {
  /** The slow mean that the load goes back to, and how long that takes. */
  readonly baseMs: number;
  readonly noiseMs: number;
  /** A replica is kept that is needed within this time after a start. */
  readonly keepMs: number;
  /** What was needed within this time is kept, times the band and a part of a replica. */
  readonly holdMs: number;
  readonly band: number;
  readonly spare: number;
  /** What waits is to be worked off in so long a time. */
  readonly drainMs: number;
  /** Fractions of a replica up to this are rounded down. */
  readonly round: number;
  /** How much of the headroom follows the errors of forecasts, and over how long a time these are averaged. */
  readonly spreadShare: number;
  readonly spreadMs: number;
  /** Spare capacity to begin with, as a factor; belongs to 99 % in time. */
  readonly headroom: number;
}

interface Found extends PredictiveTuning {
  readonly coldStartMs: number;
  readonly steadiness: Steadiness;
}

/**
 * Found by black-box search in the fluid model of `bench/scaling`, on the first days of four production loads: the
 * fewest replica-hours with 99 % in time (`eager`), as many starts and stops as Kubernetes' autoscaler at most
 * (`steady`), and in between. `balanced` at five minutes was found in three draws of the noise, with 99 and 99.9 % in time.
 */
const tunings: readonly Found[] = [
  {
    coldStartMs: 30000,
    steadiness: 'eager',
    baseMs: 778000,
    noiseMs: 430000,
    keepMs: 63000,
    holdMs: 10000,
    band: 1.013,
    spare: 0.007,
    drainMs: 18000,
    round: 0.208,
    spreadShare: 0.559,
    spreadMs: 953000,
    headroom: 1.101,
  },
  {
    coldStartMs: 30000,
    steadiness: 'balanced',
    baseMs: 767000,
    noiseMs: 513000,
    keepMs: 270000,
    holdMs: 20000,
    band: 1.085,
    spare: 0.117,
    drainMs: 85000,
    round: 0.209,
    spreadShare: 0.975,
    spreadMs: 4097000,
    headroom: 1.083,
  },
  {
    coldStartMs: 30000,
    steadiness: 'steady',
    baseMs: 700000,
    noiseMs: 610000,
    keepMs: 255000,
    holdMs: 50000,
    band: 1.17,
    spare: 0.022,
    drainMs: 149000,
    round: 0.35,
    spreadShare: 1,
    spreadMs: 2400000,
    headroom: 1.068,
  },
  {
    coldStartMs: 120000,
    steadiness: 'eager',
    baseMs: 797000,
    noiseMs: 368000,
    keepMs: 22000,
    holdMs: 20000,
    band: 1.019,
    spare: 0.209,
    drainMs: 155000,
    round: 0.289,
    spreadShare: 0.381,
    spreadMs: 2512000,
    headroom: 1.19,
  },
  {
    coldStartMs: 120000,
    steadiness: 'balanced',
    baseMs: 1403000,
    noiseMs: 762000,
    keepMs: 115000,
    holdMs: 40000,
    band: 1.11,
    spare: 0.009,
    drainMs: 220000,
    round: 0.225,
    spreadShare: 1.0,
    spreadMs: 3191000,
    headroom: 1.135,
  },
  {
    coldStartMs: 120000,
    steadiness: 'steady',
    baseMs: 1403000,
    noiseMs: 762000,
    keepMs: 115000,
    holdMs: 50000,
    band: 1.166,
    spare: 0.009,
    drainMs: 220000,
    round: 0.225,
    spreadShare: 1.0,
    spreadMs: 3191000,
    headroom: 1.114,
  },
  {
    coldStartMs: 300000,
    steadiness: 'eager',
    baseMs: 900000,
    noiseMs: 450000,
    keepMs: 30000,
    holdMs: 10000,
    band: 1.05,
    spare: 0.1,
    drainMs: 100000,
    round: 0.1,
    spreadShare: 0.6,
    spreadMs: 2500000,
    headroom: 1.23,
  },
  {
    coldStartMs: 300000,
    steadiness: 'balanced',
    baseMs: 790000,
    noiseMs: 656000,
    keepMs: 89000,
    holdMs: 50000,
    band: 1.105,
    spare: 0.09,
    drainMs: 136000,
    round: 0.135,
    spreadShare: 0.82,
    spreadMs: 5065000,
    headroom: 1.175,
  },
  {
    coldStartMs: 300000,
    steadiness: 'steady',
    baseMs: 1100000,
    noiseMs: 700000,
    keepMs: 200000,
    holdMs: 200000,
    band: 1.12,
    spare: 0.05,
    drainMs: 150000,
    round: 0.1,
    spreadShare: 1,
    spreadMs: 4000000,
    headroom: 1.145,
  },
];

/** The nearest in ratio: 60 seconds are as far from 30 as from 120. */
export function tuningFor(coldStartMs: number, steadiness: Steadiness = 'balanced'): PredictiveTuning {
  const distance = (one: Found): number =>
    Math.abs(Math.log(Math.max(1000, coldStartMs) / one.coldStartMs)) +
    (one.steadiness === steadiness ? 0 : 100);
  return tunings.reduce((best, one) => (distance(one) < distance(best) ? one : best));
}
