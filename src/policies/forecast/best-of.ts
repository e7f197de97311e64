import { test, untested, type BackTested, type TestTerms } from './back-test.ts';
import { dayMs } from './day.ts';
import type { Forecaster, Seen } from './forecaster.ts';

/** Several forecasters of one series, of which the first is asked until another has shown that it is better. */
export interface Contest {
  readonly entrants: readonly BackTested[];
  /** Which of them is asked. */
  readonly chosen: number;
}

/** By how much another must be better, so that two that are as good do not take turns. */
const margin = 0.03;

export function contest(forecasters: readonly Forecaster[]): Contest {
  return { entrants: forecasters.map(untested), chosen: 0 };
}

export function chosenOf({ entrants, chosen }: Contest): BackTested | undefined {
  return entrants[chosen];
}

function pick({ entrants, chosen }: Contest): number {
  const best = entrants.reduce((least, { dayError }) => Math.min(least, dayError), Infinity);
  const now = entrants[chosen];
  // A trial takes a day: a shape of the day shows only then.
  if (now === undefined || now.judgedMs < dayMs || best > now.dayError * (1 - margin)) return chosen;
  return entrants.findIndex(({ dayError }) => dayError === best);
}

/** Each is judged by what it said of this moment; the one that pays is asked from now on. */
export function hear({ entrants, chosen }: Contest, sample: Seen, terms: TestTerms): Contest {
  const judged = entrants.map((entrant) => test(entrant, sample, terms));
  return { entrants: judged, chosen: pick({ entrants: judged, chosen }) };
}
