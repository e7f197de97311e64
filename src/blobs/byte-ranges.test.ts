import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coveredBytes, missingFrom, withRange } from './byte-ranges.ts';

const range = fc.tuple(fc.nat(60), fc.nat(15)).map(([from, length]) => ({ from, to: from + length }));

function bytesOf(ranges: readonly { from: number; to: number }[]): Set<number> {
  const all = ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at));
  return new Set(all);
}

test('however ranges come, they cover the same bytes, sorted and with gaps between them', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 20 }), (added) => {
      const merged = added.reduce(withRange, []);
      expect(bytesOf(merged)).toEqual(bytesOf(added));
      expect(coveredBytes(merged)).toBe(bytesOf(added).size);
      for (const [at, { from, to }] of merged.entries()) {
        expect(from).toBeLessThan(to);
        expect(merged[at + 1]?.from ?? Infinity).toBeGreaterThan(to);
      }
    }),
  );
});

test('what is missing is exactly what has not come', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 10 }), range, (added, wanted) => {
      const merged = added.reduce(withRange, []);
      const missing = missingFrom(merged, wanted);
      const expected = [...bytesOf([wanted])].filter((at) => !bytesOf(merged).has(at));
      expect([...bytesOf(missing)]).toEqual(expected);
    }),
  );
});
