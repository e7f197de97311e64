import { slotMs, slotOf, slotsPerDay } from './day.ts';
import { firstGapMs, weightOf, type Forecaster } from './forecaster.ts';

interface HoltWintersOptions {
  /** Spans of the means of level and trend. */
  readonly levelMs: number;
  readonly trendMs: number;
  /** After so long ahead, two thirds of the trend have worn off. */
  readonly dampMs: number;
  /** How much of a day's shape the newest day decides. */
  readonly seasonShare: number;
}

const holtWintersDefaults: HoltWintersOptions = {
  levelMs: 1_200_000,
  trendMs: 7_200_000,
  dampMs: 1_800_000,
  seasonShare: 0.4,
};

interface State {
  readonly atMs: number;
  readonly level: number;
  readonly slopePerMs: number;
  /** Of each ten minutes of the day: its load over the level's. */
  readonly season: readonly number[];
}

const seasonMin = 0.2;
const seasonMax = 5;

function bounded(share: number): number {
  return Math.min(seasonMax, Math.max(seasonMin, share));
}

/**
 * Holt and Winters' exponential smoothing: a level, a damped trend, and a shape of the day that multiplies them.
 * Hyndman and Athanasopoulos, Forecasting: Principles and Practice, chapter 8.
 */
export function holtWinters(options = holtWintersDefaults, state?: State): Forecaster {
  return {
    name: 'holt-winters',
    see({ atMs, value }) {
      const slot = slotOf(atMs);
      if (state === undefined) {
        const season = Array.from({ length: slotsPerDay }, () => 1);
        return holtWinters(options, { atMs, level: value, slopePerMs: 0, season });
      }
      const gapMs = Math.max(1, atMs - state.atMs);
      const share = weightOf(gapMs, options.levelMs);
      const shape = state.season[slot] ?? 1;
      const expected = state.level + state.slopePerMs * gapMs;
      const level = Math.max(0, expected + share * (value / shape - expected));
      const slope = (level - state.level) / gapMs;
      const slopePerMs = state.slopePerMs + weightOf(gapMs, options.trendMs) * (slope - state.slopePerMs);
      const learns = 1 - (1 - options.seasonShare) ** (Math.min(gapMs, slotMs) / slotMs);
      const fresh = level === 0 ? shape : bounded(value / level);
      const season = state.season.with(slot, shape + learns * (fresh - shape));
      return holtWinters(options, { atMs, level, slopePerMs, season });
    },
    ahead(byMs) {
      if (state === undefined) return undefined;
      const damped = options.dampMs * weightOf(byMs + firstGapMs, options.dampMs);
      const shape = state.season[slotOf(state.atMs + byMs)] ?? 1;
      return Math.max(0, (state.level + state.slopePerMs * damped) * shape);
    },
  };
}
