import type { ForecastName } from '#schema';
import { arima } from './arima.ts';
import type { Forecaster } from './forecaster.ts';
import { holtWinters } from './holt-winters.ts';
import { reverting, type RevertingOptions } from './reverting.ts';
import { seasonal } from './seasonal.ts';
import { trend } from './trend.ts';

const trendMs = 1_800_000;

/** The forecasters that `spec.scaling.forecast` names; of several, the first is asked until another pays. */
export function forecastersOf(name: ForecastName, terms: RevertingOptions): readonly Forecaster[] {
  switch (name) {
    case 'reverting':
      return [reverting(terms)];
    case 'trend':
      return [trend(trendMs)];
    case 'seasonal':
      return [reverting(terms), seasonal(terms)];
    case 'holt-winters':
      return [holtWinters()];
    case 'arima':
      return [arima()];
    case 'auto':
      break;
  }
  return [reverting(terms), seasonal(terms), trend(trendMs), holtWinters(), arima()];
}
