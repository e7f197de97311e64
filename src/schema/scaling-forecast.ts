import { z } from 'zod';

/** How a load goes on, for the policy that looks ahead. */
export const forecastNames = ['reverting', 'seasonal', 'trend', 'holt-winters', 'arima', 'auto'] as const;
export type ForecastName = (typeof forecastNames)[number];

export const scalingForecast = z
  .enum(forecastNames)
  .default('seasonal')
  .describe(
    '`predictive`: how the load is taken to go on. `reverting` goes back to a slow mean, `seasonal` does as yesterday where that was nearer the truth for a day, `trend`, `holt-winters` and `arima` do as their names say, and `auto` asks the one of all that has been nearest.',
  );

export const steadinessNames = ['eager', 'balanced', 'steady'] as const;
export type Steadiness = (typeof steadinessNames)[number];

export const scalingSteadiness = z
  .enum(steadinessNames)
  .default('balanced')
  .describe(
    '`predictive`: `eager` takes the fewest replica-hours, `steady` starts and stops no more than the autoscaler of Kubernetes would, `balanced` is in between.',
  );
