import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStopScanner } from './stop-strings.ts';

/** All that leaves the scanner, piece by piece. */
function scan(stops: readonly string[], pieces: readonly string[]): { out: string[]; stopped: boolean } {
  const scanner = createStopScanner(stops);
  const out: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = scanner.push(piece);
    out.push(text);
    if (stopped) return { out, stopped };
  }
  out.push(scanner.rest());
  return { out, stopped: false };
}

/** Letter by letter: the text ends before the longest stop that its beginning ends with. */
function expected(whole: string, stops: readonly string[]): { text: string; stopped: boolean } {
  for (let end = 0; end <= whole.length; end += 1) {
    const found = stops.filter((stop) => whole.slice(0, end).endsWith(stop)).map((stop) => stop.length);
    if (found.length > 0) return { text: whole.slice(0, end - Math.max(...found)), stopped: true };
  }
  return { text: whole, stopped: false };
}

describe('stop strings', () => {
  it('end the text before them, also across pieces', () => {
    expect(scan(['STOP'], ['go on S', 'TO', 'P here'])).toEqual({ out: ['go on ', '', ''], stopped: true });
    expect(scan(['b', 'abc'], ['xabc'])).toEqual({ out: ['xa'], stopped: true });
  });

  it('hold back exactly what may still become one', () => {
    expect(scan(['</s>'], ['a <', 'b', '> </', 's', 'o'])).toEqual({
      out: ['a ', '<b', '> ', '', '</so', ''],
      stopped: false,
    });
  });

  it('that never came leave the text as it was', () => {
    expect(scan(['###'], ['one #', '#'])).toEqual({ out: ['one ', '', '##'], stopped: false });
    expect(scan([], ['a', 'b'])).toEqual({ out: ['a', 'b', ''], stopped: false });
  });

  it('are found wherever the pieces are cut, and never early or late', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
    const stop = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 8 }), fc.array(stop, { maxLength: 3 }), (pieces, stops) => {
        const { out, stopped } = scan(stops, pieces);
        expect({ text: out.join(''), stopped }).toEqual(expected(pieces.join(''), stops));
      }),
    );
  });
});
