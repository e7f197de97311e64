import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyParts } from './body-parts.ts';

describe('the parts of a body', () => {
  it('are its bytes in their order, however it was cut', () => {
    const sizes = fc.array(fc.oneof(fc.nat(40), fc.integer({ min: 1000, max: 1050 }), fc.nat(40_000)));
    fc.assert(
      fc.property(sizes, (cuts) => {
        const pieces = cuts.map((size, at) => Buffer.alloc(size, at + 1));
        const parts = new BodyParts();
        for (const piece of pieces) parts.add(piece);
        expect(parts.whole().equals(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('are not kept one by one where they are small: each would cost a hundred times its bytes', () => {
    const parts = new BodyParts();
    const piece = Buffer.from('a');
    parts.add(Buffer.from('a'));
    for (let at = 0; at < 20_000; at++) {
      piece[0] = 0x61;
      parts.add(piece);
      piece[0] = 0x62;
    }
    expect(parts.whole().toString()).toBe('a'.repeat(20_001));
  });

  it('are kept as they are where one is all', () => {
    const only = Buffer.from('{}');
    const parts = new BodyParts();
    parts.add(only);
    expect(parts.whole()).toBe(only);
  });
});
