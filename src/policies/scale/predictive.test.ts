import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScaleInput } from './input.ts';
import { predictive, type PredictiveMemory } from './predictive.ts';
import { tuningFor } from './predictive-tuning.ts';

const stepMs = 10_000;

interface Story {
  readonly coldStartMs: number;
  /** Replicas' worth of load at each look. */
  readonly offered: readonly number[];
  readonly late?: number;
  readonly gain?: number;
}

interface Told {
  readonly wanted: readonly number[];
  readonly memory: PredictiveMemory;
  readonly facts: Readonly<Record<string, number | string>>;
}

/** What is wanted is there at the next look. */
function tell({ coldStartMs, offered, late = 0, gain }: Story): Told {
  const policy = predictive({ attainment: 0.99, gain });
  let memory = policy.begin();
  let wanted = 1;
  let facts: Told['facts'] = {};
  const all = offered.map((value, at) => {
    const load = { offered: value, backlog: 0, occupied: value, utilisation: 1, due: { count: 100, late } };
    const input: ScaleInput = { nowMs: at * stepMs, wanted, ready: wanted, coldStartMs, load };
    const outcome = policy.decide(input, memory);
    ({ memory, decision: wanted } = outcome);
    facts = outcome.reason.facts ?? {};
    return wanted;
  });
  return { wanted: all, memory, facts };
}

const steady = (value: number, looks = 300): readonly number[] => Array.from({ length: looks }, () => value);

describe('the predictive policy', () => {
  test.each([30_000, 120_000, 300_000])(
    'with %d ms of start, a steady load has its headroom',
    (coldStartMs) => {
      const { wanted } = tell({ coldStartMs, offered: steady(20), gain: 0 });
      const { headroom, band, round } = tuningFor(coldStartMs);
      const last = wanted.at(-1) ?? 0;
      expect(last).toBeGreaterThanOrEqual(Math.ceil(20 * headroom - round));
      expect(last).toBeLessThanOrEqual(Math.ceil(20 * headroom * band - round));
    },
  );

  test('a load that rises is met when it comes, a cold start later', () => {
    const ramp = Array.from({ length: 330 }, (_, at) => 10 + at / 20);
    const { wanted, facts } = tell({ coldStartMs: 300_000, offered: ramp, gain: 0 });
    for (const [at, count] of wanted.slice(0, 300).entries())
      expect(count).toBeGreaterThanOrEqual(at < 30 ? 1 : (ramp[at + 30] ?? 0));
    expect(Object.keys(facts)).toContain('withoutForecast');
  });

  test('what is late raises the headroom, what is in time lowers it, and it stays within bounds', () => {
    const given = { coldStartMs: 30_000, offered: steady(10, 100) };
    const { headroom: first } = tuningFor(30_000);
    expect(tell({ ...given, late: 100 }).memory.headroom).toBeGreaterThan(first);
    expect(tell({ ...given, late: 0 }).memory.headroom).toBeLessThan(first);
    expect(tell({ ...given, late: 1 }).memory.headroom).toBeCloseTo(first, 9);
    expect(tell({ ...given, late: 100, offered: steady(10, 5000) }).memory.headroom).toBe(2.5);
  });

  test('a moment of calm gives nothing back: starts are paid for', () => {
    const offered = [...steady(20, 100), ...steady(10, 3)];
    const { wanted } = tell({ coldStartMs: 300_000, offered, gain: 0 });
    expect(wanted.at(-1)).toBe(wanted[99]);
    const longer = tell({ coldStartMs: 300_000, offered: [...offered, ...steady(10, 300)], gain: 0 });
    expect(longer.wanted.at(-1)).toBeLessThan(16);
  });

  test('just begun, it gives nothing back of what it found', () => {
    const policy = predictive({ attainment: 0.99 });
    const load = { offered: 1, backlog: 0, occupied: 1, utilisation: 0.1 };
    const input: ScaleInput = { nowMs: 0, wanted: 9, ready: 9, coldStartMs: 120_000, load };
    expect(policy.decide(input, policy.begin()).decision).toBe(9);
  });

  test('whatever comes, what it remembers is bounded and what it decides is whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 400 }),
        fc.constantFrom(1, 30_000, 300_000, 3_600_000),
        (offered, coldStartMs) => {
          const { wanted, memory } = tell({ coldStartMs, offered });
          expect(wanted.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
          for (const { said } of memory.seen?.entrants ?? []) expect(said.length).toBeLessThanOrEqual(4);
          expect(memory.kept.length).toBeLessThanOrEqual(30);
        },
      ),
      { numRuns: 30 },
    );
  });
});
