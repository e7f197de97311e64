import { dayMs } from './day.ts';
import { weightOf, type Forecaster, type Seen } from './forecaster.ts';

/** A forecaster with what came of its forecasts. It never changes either. */
export interface BackTested {
  readonly forecaster: Forecaster;
  /** Mean of how far off it was, as a share of the forecast. */
  readonly error: number;
  /** The same over about a day: what forecasters are compared by. An hour in which one was luckier says little. */
  readonly dayError: number;
  /** For how long it was judged. */
  readonly judgedMs: number;
  readonly judgedAtMs: number | undefined;
  /** What it said of moments to come, in their order. */
  readonly said: readonly Seen[];
}

/** Until something was judged: production loads are about so far off. */
const errorAtFirst = 0.08;
const errorMax = 1;
/** Of all that is said, so many at a time are held until their moment comes: more would be no news. */
const heldMax = 4;

export function untested(forecaster: Forecaster): BackTested {
  return {
    forecaster,
    error: errorAtFirst,
    dayError: errorAtFirst,
    judgedMs: 0,
    judgedAtMs: undefined,
    said: [],
  };
}

export interface TestTerms {
  /** How far ahead it is asked. */
  readonly leadMs: number;
  /** The while over which errors are averaged. */
  readonly spanMs: number;
}

/** What was said of the moment that has come, and what is still to come. */
function heardAt(said: readonly Seen[], nowMs: number): [said: number | undefined, rest: readonly Seen[]] {
  let due = 0;
  while ((said[due]?.atMs ?? Infinity) <= nowMs) due += 1;
  return [said[due - 1]?.value, due === 0 ? said : said.slice(due)];
}

function withForecast(
  said: readonly Seen[],
  forecaster: Forecaster,
  { nowMs, leadMs }: { readonly nowMs: number; readonly leadMs: number },
): readonly Seen[] {
  const dueMs = nowMs + leadMs;
  const last = said.at(-1)?.atMs ?? -Infinity;
  if (said.length >= heldMax || dueMs - last < leadMs / heldMax) return said;
  const value = forecaster.ahead(leadMs);
  return value === undefined ? said : [...said, { atMs: dueMs, value }];
}

/** Judges what was said of this moment, and notes what is said now of one to come. */
export function test(tested: BackTested, sample: Seen, { leadMs, spanMs }: TestTerms): BackTested {
  const [was, rest] = heardAt(tested.said, sample.atMs);
  const forecaster = tested.forecaster.see(sample);
  const said = withForecast(rest, forecaster, { nowMs: sample.atMs, leadMs });
  if (was === undefined || was <= 0) return { ...tested, forecaster, said };
  const gapMs = Math.max(0, sample.atMs - (tested.judgedAtMs ?? sample.atMs - leadMs / heldMax));
  const off = Math.min(errorMax, Math.abs(sample.value / was - 1));
  const error = tested.error + weightOf(gapMs, spanMs) * (off - tested.error);
  const dayError = tested.dayError + weightOf(gapMs, dayMs) * (off - tested.dayError);
  return { forecaster, error, dayError, judgedMs: tested.judgedMs + gapMs, judgedAtMs: sample.atMs, said };
}
