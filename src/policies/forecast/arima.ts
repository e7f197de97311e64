import { firstGapMs, type Forecaster, type Seen } from './forecaster.ts';
import { leastSquares } from './least-squares.ts';

/** Samples that the model is fitted to: half an hour at ten seconds. */
const kept = 180;
const fewest = 40;
/** Lags of the long autoregression from which the shocks are estimated, and of the model itself. */
const longLags = 8;
const lags = 2;
const stepsMax = 720;

interface Model {
  /** Weights of the last two changes and of the last shock. */
  readonly weights: readonly number[];
  readonly shock: number;
}

interface State {
  readonly seen: readonly Seen[];
  readonly model: Model | undefined;
}

function changesOf(seen: readonly Seen[]): readonly number[] {
  return seen.slice(1).map(({ value }, at) => value - (seen[at]?.value ?? value));
}

/** The values before `at`, the newest first. */
function before(values: readonly number[], at: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, back) => values[at - 1 - back] ?? 0);
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

/** Hannan and Rissanen: shocks from a long autoregression, then changes on earlier changes and shocks. */
function fit(changes: readonly number[]): Model {
  const long = changes.slice(longLags).map((_, at) => before(changes, at + longLags, longLags));
  const longWeights = leastSquares(long, changes.slice(longLags));
  const shocks = long.map((row, at) => (changes[at + longLags] ?? 0) - dot(row, longWeights));
  const rows = shocks.slice(1).map((_, at) => [...before(changes, at + longLags + 1, lags), shocks[at] ?? 0]);
  const weights = leastSquares(rows, changes.slice(longLags + 1));
  return { weights, shock: shocks.at(-1) ?? 0 };
}

function meanGapMs(seen: readonly Seen[]): number {
  const spanMs = (seen.at(-1)?.atMs ?? 0) - (seen[0]?.atMs ?? 0);
  return seen.length < 2 || spanMs <= 0 ? firstGapMs : spanMs / (seen.length - 1);
}

function goOn({ seen, model }: State, steps: number): number {
  const changes = changesOf(seen);
  const most = 3 * Math.max(...seen.map(({ value }) => value));
  let value = seen.at(-1)?.value ?? 0;
  let recent = before(changes, changes.length, lags);
  let shock = model?.shock ?? 0;
  for (let step = 0; step < steps; step++) {
    const change = dot([...recent, shock], model?.weights ?? []);
    recent = [change, ...recent.slice(0, lags - 1)];
    shock = 0;
    value = Math.min(most, Math.max(0, value + change));
  }
  return value;
}

/**
 * ARIMA(2, 1, 1) over the last half hour: the next change from the last two and the last shock. Until enough was seen
 * the last value stands.
 */
export function arima(state: State = { seen: [], model: undefined }): Forecaster {
  return {
    name: 'arima',
    see(sample) {
      const seen = [...state.seen.slice(1 - kept), sample];
      return arima({ seen, model: seen.length < fewest ? undefined : fit(changesOf(seen)) });
    },
    ahead(byMs) {
      if (state.seen.length === 0) return undefined;
      return goOn(state, Math.min(stepsMax, Math.round(byMs / meanGapMs(state.seen))));
    },
  };
}
