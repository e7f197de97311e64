import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelay, type RetryInput } from './retry-delay.ts';

const base: RetryInput = { failures: 1, chance: 0.5, wishedMs: undefined, firstMs: 1000, longestMs: 60_000 };
const delay = (given: Partial<RetryInput>): number =>
  retryDelay.decide({ ...base, ...given }, undefined).decision;

describe('how long to wait before trying again', () => {
  it('doubles up to a limit', () => {
    expect([1, 2, 3, 4, 9, 400].map((failures) => delay({ failures }))).toEqual([
      1000, 2000, 4000, 8000, 60_000, 60_000,
    ]);
  });

  it('honours what was asked for', () => {
    expect(delay({ wishedMs: 90_000 })).toBe(90_000);
    expect(delay({ wishedMs: 10 })).toBe(1000);
  });

  it('stays within its spread, and never less than asked', () => {
    const input = fc.record({
      failures: fc.integer({ min: 1, max: 1000 }),
      chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
      wishedMs: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(input, (given) => {
        const found = delay(given);
        const middle = Math.min(1000 * 2 ** Math.min(given.failures - 1, 30), 60_000);
        expect(found).toBeGreaterThanOrEqual(Math.floor(middle * 0.75));
        expect(found).toBeGreaterThanOrEqual(given.wishedMs ?? 0);
        expect(found).toBeLessThanOrEqual(Math.max(60_000, given.wishedMs ?? 0));
      }),
    );
  });
});
