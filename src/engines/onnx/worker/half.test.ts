import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHalf, toHalf } from './half.ts';

describe('halves', () => {
  it('come back as they were', () => {
    const all = Array.from({ length: 65_536 }, (_, bits) => bits);
    const changed = all.filter((bits) => !Object.is(fromHalf(toHalf(fromHalf(bits))), fromHalf(bits)));
    expect(changed).toEqual([]);
  });

  it('are the nearest there are, ties to even', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65_519, max: 65_519 }), (value) => {
        const bits = toHalf(value);
        const distance = Math.abs(fromHalf(bits) - value);
        const others = [bits - 1, bits + 1]
          .map((other) => Math.abs(fromHalf(other & 0xffff) - value))
          .filter(Number.isFinite);
        const nearest = Math.min(...others);
        expect(distance).toBeLessThanOrEqual(nearest);
        expect(distance < nearest || distance === 0 || bits % 2 === 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('hold the values that everybody knows', () => {
    expect([1, -2, 65_504, 2 ** -24, 0.1, 65_520, -Infinity].map(toHalf)).toEqual([
      0x3c00, 0xc000, 0x7bff, 0x0001, 0x2e66, 0x7c00, 0xfc00,
    ]);
  });
});
