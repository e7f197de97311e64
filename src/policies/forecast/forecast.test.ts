import fc from 'fast-check';
import { describe, expect, test as it } from 'vitest';
import { forecastNames } from '#schema';
import { test, untested } from './back-test.ts';
import { chosenOf, contest, hear } from './best-of.ts';
import { dayMs } from './day.ts';
import type { Forecaster } from './forecaster.ts';
import { arima } from './arima.ts';
import { forecastersOf } from './forecasters.ts';
import { holtWinters } from './holt-winters.ts';
import { leastSquares } from './least-squares.ts';
import { reverting } from './reverting.ts';
import { seasonal } from './seasonal.ts';
import { trend } from './trend.ts';

const stepMs = 10_000;
const spans = { baseMs: 1_000_000, noiseMs: 400_000 };

function fed(forecaster: Forecaster, values: readonly number[], gapMs = stepMs): Forecaster {
  return values.reduce((one, value, at) => one.see({ atMs: at * gapMs, value }), forecaster);
}

const all = forecastNames.flatMap((name) =>
  forecastersOf(name, spans).map((one) => [one.name, one] as const),
);

describe.each(all)('%s', (_, forecaster) => {
  it('knows nothing before it has seen something', () => {
    expect(forecaster.ahead(1000)).toBeUndefined();
  });

  it('says of what never changes that it stays', () => {
    const seen = fed(
      forecaster,
      Array.from({ length: 300 }, () => 7),
    );
    for (const byMs of [stepMs, 300_000, 3_600_000]) expect(seen.ahead(byMs)).toBeCloseTo(7, 3);
  });

  it('gives a number that is not negative, whatever came, and forgets nothing it had said', () => {
    const value = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 120 }), fc.nat(3_600_000), (values, byMs) => {
        const seen = fed(forecaster, values);
        const said = seen.ahead(byMs) ?? NaN;
        expect(Number.isFinite(said)).toBe(true);
        expect(said).toBeGreaterThanOrEqual(0);
        seen.see({ atMs: 1e9, value: 3 });
        expect(seen.ahead(byMs)).toBe(said);
      }),
      { numRuns: 40 },
    );
  });
});

/** Twice as much between six and eight o'clock. */
function days(count: number, gapMs: number): readonly number[] {
  return Array.from({ length: (count * dayMs) / gapMs }, (_, at) => {
    const hour = ((at * gapMs) % dayMs) / 3_600_000;
    return hour >= 6 && hour < 8 ? 20 : 10;
  });
}

describe('what each is for', () => {
  it('a peak passes: the further ahead, the less is left of it', () => {
    const seen = fed(reverting(spans), [...Array.from({ length: 400 }, () => 10), 20]);
    const [soon = 0, later = 0] = [seen.ahead(60_000), seen.ahead(600_000)];
    expect(soon).toBeGreaterThan(later);
    expect(soon).toBeLessThan(20);
    expect(later).toBeGreaterThan(10);
  });

  it('a ramp goes on', () => {
    const ramp = Array.from({ length: 180 }, (_, at) => 10 + at / 10);
    expect(fed(trend(1_800_000), ramp).ahead(300_000)).toBeCloseTo(10 + 17.9 + 3, 1);
    expect(fed(arima(), ramp).ahead(300_000)).toBeCloseTo(10 + 17.9 + 3, 0);
  });

  it('a swing that the last changes tell of is followed', () => {
    const swing = Array.from({ length: 180 }, (_, at) => 50 + 20 * Math.sin(at / 6));
    const said = fed(arima(), swing).ahead(10 * stepMs) ?? 0;
    expect(Math.abs(said - (50 + 20 * Math.sin(189 / 6)))).toBeLessThan(8);
  });

  const minuteMs = 60_000;
  const quarterToSix = [...days(5, minuteMs), ...days(1, minuteMs).slice(0, 5.75 * 60)];

  it.each([
    ['seasonal', seasonal(spans)],
    ['holt-winters', holtWinters()],
  ])('%s knows after some days what comes at six', (_, forecaster) => {
    const seen = fed(forecaster, quarterToSix, minuteMs);
    expect(seen.ahead(30 * minuteMs)).toBeGreaterThan(15);
    expect(fed(reverting(spans), quarterToSix, minuteMs).ahead(30 * minuteMs)).toBeLessThan(11);
  });
});

const lead = { leadMs: 600_000, spanMs: 2 * dayMs };

function told(valueAt: (atMs: number) => number, terms = lead): string | undefined {
  let held = contest([reverting(spans), seasonal(spans)]);
  for (let atMs = 0; atMs < 4 * dayMs; atMs += 60_000)
    held = hear(held, { atMs, value: valueAt(atMs) }, terms);
  return chosenOf(held)?.forecaster.name;
}

/** Yesterday it was the other way round. */
function everyOtherDay(atMs: number): number {
  return 10 + 8 * Math.sin((atMs / dayMs) * 21 * Math.PI);
}

/** But for the last two hours of four days, in which yesterday's course is right. */
function asYesterdayAtLast(atMs: number): number {
  return everyOtherDay(atMs > 4 * dayMs - 2 * 3_600_000 ? atMs - dayMs : atMs);
}

describe('the back-test', () => {
  it('measures how far off forecasts were, at the time they spoke of', () => {
    let tested = untested(reverting(spans));
    for (let at = 0; at < 2000; at++) tested = test(tested, { atMs: at * stepMs, value: 5 }, lead);
    expect(tested.error).toBeLessThan(0.08);
    expect(tested.said.length).toBeLessThanOrEqual(4);
    const judged = tested.judgedMs;
    expect(judged).toBeGreaterThan(1900 * stepMs);
  });

  it('uses the season where it pays, and only there', () => {
    expect(told((atMs) => 10 + 8 * Math.sin((atMs / dayMs) * 40 * Math.PI))).toBe('seasonal');
    expect(told(everyOtherDay)).toBe('reverting');
  });

  it('does not follow who was luckier for two hours', () => {
    expect(told(asYesterdayAtLast, { ...lead, spanMs: 1_800_000 })).toBe('reverting');
  });
});

it('least squares finds the weights that made the outputs', () => {
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(number, number, number), (weights) => {
      const rows = Array.from({ length: 20 }, (_, at) => [1, Math.sin(at), Math.cos(2 * at)]);
      const outputs = rows.map((row) => row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0));
      const found = leastSquares(rows, outputs);
      for (const [at, weight] of weights.entries()) expect(found[at]).toBeCloseTo(weight, 4);
    }),
  );
});
