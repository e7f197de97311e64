import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineThrough } from './line.ts';

test('points on a line give that line, however many and from wherever', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 60 }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (count, slope, level) => {
        const at = (ms: number): number => level + (slope * ms) / 1000;
        const points = Array.from({ length: count + 5 }, (_, index) => ({
          atMs: index * 1000,
          // The first five lie before what is asked for.
          value: index < 5 ? 1e6 : at(index * 1000),
        }));
        const line = lineThrough(points, 4500);
        expect(line.slopePerMs * 1000).toBeCloseTo(slope, 6);
        expect(line.middle).toBeCloseTo(at(line.middleMs), 6);
      },
    ),
  );
});

test('too few points are a level, none are nothing', () => {
  const two = [
    { atMs: 0, value: 4 },
    { atMs: 1000, value: 8 },
  ];
  expect(lineThrough(two, -1)).toEqual({ middleMs: 500, middle: 6, slopePerMs: 0 });
  expect(lineThrough(two, 2000).middle).toBe(0);
});
