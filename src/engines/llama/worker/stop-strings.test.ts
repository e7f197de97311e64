import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStopScanner } from './stop-strings.ts';

/** All that leaves the scanner, piece by piece. */
function scan(stops: readonly string[], pieces: readonly string[]): { out: string[]; stoppedBy?: string } {
  const scanner = createStopScanner(stops);
  const out: string[] = [];
  for (const piece of pieces) {
    const { text, stoppedBy } = scanner.push(piece);
    out.push(text);
    if (stoppedBy !== undefined) return { out, stoppedBy };
  }
  out.push(scanner.rest());
  return { out };
}

/** Letter by letter: the text ends before the longest stop that its beginning ends with. */
function expected(whole: string, stops: readonly string[]): { text: string; stoppedBy?: string } {
  for (let end = 0; end <= whole.length; end += 1) {
    const [longest] = stops
      .filter((stop) => whole.slice(0, end).endsWith(stop))
      .toSorted((a, b) => b.length - a.length);
    if (longest !== undefined) return { text: whole.slice(0, end - longest.length), stoppedBy: longest };
  }
  return { text: whole };
}

describe('stop strings', () => {
  it('end the text before them, also across pieces', () => {
    expect(scan(['STOP'], ['go on S', 'TO', 'P here'])).toEqual({
      out: ['go on ', '', ''],
      stoppedBy: 'STOP',
    });
    expect(scan(['b', 'abc'], ['xabc'])).toEqual({ out: ['xa'], stoppedBy: 'b' });
  });

  it('hold back exactly what may still become one', () => {
    expect(scan(['</s>'], ['a <', 'b', '> </', 's', 'o'])).toEqual({
      out: ['a ', '<b', '> ', '', '</so', ''],
    });
  });

  it('that never came leave the text as it was', () => {
    expect(scan(['###'], ['one #', '#'])).toEqual({ out: ['one ', '', '##'] });
    expect(scan([], ['a', 'b'])).toEqual({ out: ['a', 'b', ''] });
  });

  it('are found wherever the pieces are cut, and never early or late', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
    const stop = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 8 }), fc.array(stop, { maxLength: 3 }), (pieces, stops) => {
        const { out, stoppedBy } = scan(stops, pieces);
        expect({ text: out.join(''), stoppedBy }).toEqual(expected(pieces.join(''), stops));
      }),
    );
  });
});
