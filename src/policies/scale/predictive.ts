import { decided, hold, type ScalePolicy } from './policy.ts';
import { maximum, mean, withSample, type Samples } from './samples.ts';

export interface PredictiveOptions {
  /** The trend is read off the last so many milliseconds. */
  readonly trendMs: number;
  /** Never less than the most there was in the last so many milliseconds, times `recentShare`. */
  readonly recentMs: number;
  readonly recentShare: number;
  /** The load is smoothed over so many milliseconds before the most of it is taken. */
  readonly smoothMs: number;
  /** What waits is to be worked off in so many milliseconds. */
  readonly drainMs: number;
  /** Spare capacity to begin with, as a factor. */
  readonly headroom: number;
}

export const predictiveDefaults: PredictiveOptions = {
  trendMs: 300_000,
  recentMs: 300_000,
  recentShare: 1,
  smoothMs: 60_000,
  drainMs: 10_000,
  headroom: 1.1,
};

/** Least squares through the samples: where the line is after another `aheadMs`. */
function lineAhead(samples: Samples, nowMs: number, aheadMs: number): number {
  const middle = mean(samples);
  let lever = 0;
  let square = 0;
  let centre = 0;
  for (const { atMs } of samples) centre += (atMs - nowMs) / samples.length;
  for (const { atMs, value } of samples) {
    const x = atMs - nowMs - centre;
    lever += x * (value - middle);
    square += x * x;
  }
  const slope = square === 0 ? 0 : lever / square;
  return Math.max(0, middle + slope * (aheadMs - centre));
}

export function predictive(options: PredictiveOptions = predictiveDefaults): ScalePolicy<Samples> {
  const { trendMs, recentMs, recentShare, smoothMs, drainMs, headroom } = options;
  const spanMs = Math.max(trendMs, recentMs, smoothMs);
  return {
    name: 'predictive',
    begin: () => [],
    decide(input, memory) {
      const { load, nowMs, coldStartMs } = input;
      if (load === undefined) return hold(input, memory);
      const next = withSample(memory, { atMs: nowMs, value: load.offered }, spanMs);
      const trend = lineAhead(next, nowMs, coldStartMs);
      const recent = maximum(next, nowMs - recentMs) * recentShare;
      const backlog = load.backlog / (drainMs / 1000);
      const now = mean(next, nowMs - smoothMs);
      const count = (expected: number): number => Math.ceil(expected * headroom + backlog - 1e-9);
      const facts = { trend, recent, backlog, headroom, withoutForecast: count(now) };
      return decided(count(Math.max(trend, recent)), next, { code: 'forecast', facts });
    },
  };
}
