import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesIn, missingIn, pieceBytesFor, pieceMaxBytes, pieceMinBytes, piecesOf } from './pieces.ts';

/** Sorted, disjoint, not empty: every second number begins a range, the next one ends it. */
const ranges = fc.uniqueArray(fc.nat(200), { maxLength: 20 }).map((numbers) => {
  const sorted = numbers.toSorted((left, right) => left - right);
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
    from: sorted[index * 2] ?? 0,
    to: sorted[index * 2 + 1] ?? 0,
  }));
});
const covers = (list: readonly { from: number; to: number }[], at: number): boolean =>
  list.some(({ from, to }) => at >= from && at < to);

describe('pieces of a file', () => {
  it('are exactly what is missing, whatever has come', () => {
    fc.assert(
      fc.property(ranges, fc.nat(200), fc.integer({ min: 1, max: 30 }), (received, to, pieceBytes) => {
        const missing = missingIn({ from: 0, to }, received);
        const pieces = [...piecesOf(missing, pieceBytes)];
        expect(bytesIn(pieces)).toBe(bytesIn(missing));
        for (const piece of pieces) expect(piece.to - piece.from).toBeLessThanOrEqual(pieceBytes);
        for (let at = 0; at < to; at++) expect(covers(pieces, at)).toBe(!covers(received, at));
      }),
    );
  });

  it('are between 8 and 16 MiB', () => {
    expect([0, 1e9, 1e12].map(pieceBytesFor)).toEqual([pieceMinBytes, Math.ceil(1e9 / 64), pieceMaxBytes]);
  });
});
