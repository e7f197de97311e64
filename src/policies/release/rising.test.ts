import fc from 'fast-check';
import { expect, it } from 'vitest';
import { risingRatios } from './rising.ts';

it('leaves what rises, and makes one of what falls', () => {
  expect(risingRatios([1, 2, 3], [1, 1, 1])).toEqual([1, 2, 3]);
  expect(risingRatios([3, 1, 5], [1, 1, 1])).toEqual([2, 2, 5]);
  expect(risingRatios([3, 2, 1], [1, 1, 4])).toEqual([1, 1, 1]);
});

it('never falls, and keeps the whole', () => {
  const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 40 }), (pairs) => {
      const [parts, wholes] = [pairs.map(([part]) => part), pairs.map(([, whole]) => whole)];
      const rising = risingRatios(parts, wholes);
      for (const [at, ratio] of rising.entries())
        expect(ratio).toBeGreaterThanOrEqual((rising[at - 1] ?? 0) * (1 - 1e-9));
      const sum = rising.reduce((so, ratio, at) => so + ratio * (wholes[at] ?? 0), 0);
      expect(sum).toBeCloseTo(
        parts.reduce((so, part) => so + part, 0),
        6,
      );
    }),
  );
});
