import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchMs, sizeWithin, steadySize, sustainingSize } from './steady-size.ts';

const rates = { inputMs: 1, fixedMs: 5 };

describe('steady size', () => {
  it('leaves one turn of the others for waiting', () => {
    // One replica: 2 · (7 + 5) = 24. Eight: 9/8 · (17 + 5) = 24.75.
    const plan = { rates, objectiveMs: 25, sizeMax: 64 };
    expect([1, 8].map((places) => steadySize({ ...plan, places }))).toEqual([7, 17]);
  });

  it('is at least one, at most what the engine takes', () => {
    expect(steadySize({ rates, objectiveMs: 3, places: 1, sizeMax: 64 })).toBe(1);
    expect(steadySize({ rates, objectiveMs: 1000, places: 1, sizeMax: 64 })).toBe(64);
  });

  it('sustains the rate it is asked for', () => {
    expect(sustainingSize(rates, 8, 6)).toBe(15);
    expect(sustainingSize(rates, 1, 1)).toBe(Infinity);
    expect(sustainingSize(rates, 1, 0)).toBe(0);
  });

  it('is the largest that is done in time', () => {
    const anyRates = fc.record({
      inputMs: fc.double({ min: 0.001, max: 9, noNaN: true }),
      fixedMs: fc.double({ min: 0, max: 99, noNaN: true }),
    });
    fc.assert(
      fc.property(anyRates, fc.double({ min: 0, max: 500, noNaN: true }), (some, withinMs) => {
        const size = sizeWithin(some, withinMs);
        fc.pre(size >= 1);
        expect(batchMs(some, size)).toBeLessThanOrEqual(withinMs + 1e-6);
        expect(batchMs(some, size + 1)).toBeGreaterThan(withinMs - 1e-6);
      }),
    );
  });
});
