import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventReader } from './event-reader.ts';

function read(pieces: readonly Buffer[]): { readonly payloads: string[]; readonly isWhole: boolean } {
  const payloads: string[] = [];
  const push = createEventReader((payload) => payloads.push(payload));
  return { isWhole: pieces.every((piece) => push(piece)), payloads };
}

describe('events off a stream', () => {
  it('are the same however it was cut and whichever line ends it has', () => {
    const word = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'é', '🙂', ':', '{') });
    const cases = fc.tuple(fc.array(word), fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(cases, ([words, end, size]) => {
        const text = Buffer.from(words.map((one) => `event: x${end}data: ${one}${end}${end}`).join(''));
        const pieces: Buffer[] = [];
        for (let at = 0; at < text.length; at += size) pieces.push(text.subarray(at, at + size));
        expect(read(pieces)).toEqual({ payloads: words, isWhole: true });
      }),
    );
  });

  it('end where a line does not', () => {
    const piece = Buffer.alloc(65_536, 'a');
    expect(read(Array.from({ length: 16 }, () => piece)).isWhole).toBe(true);
    expect(read(Array.from({ length: 17 }, () => piece)).isWhole).toBe(false);
  });
});
