import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashPrefixBlocks, prefixBlockBytes } from './prefix-blocks.ts';

const text = (length: number, fill = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 7 + fill) % 251);

function shared(a: Uint32Array, b: Uint32Array): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

describe('hashes of prefix blocks', () => {
  it('has one for each whole block, and none for what is left over or unknown', () => {
    const body = text(3000);
    expect(hashPrefixBlocks(body, 0, 3000)).toHaveLength(2);
    expect(hashPrefixBlocks(body, 2500, 3000)).toHaveLength(0);
    expect(hashPrefixBlocks(body, -1, -1)).toHaveLength(0);
  });

  it('looks at no more than a MiB', () => {
    expect(hashPrefixBlocks(text(2 * 2 ** 20), 0, 2 * 2 ** 20)).toHaveLength(1024);
  });

  it('does not depend on where the prompt stands in the body', () => {
    const prompt = text(2048);
    const shifted = new Uint8Array(2048 + 13);
    shifted.set(prompt, 5);
    expect(hashPrefixBlocks(shifted, 5, 5 + 2048)).toEqual(hashPrefixBlocks(prompt, 0, 2048));
  });

  it('shares as many hashes as the prompts share blocks, whatever comes after the first difference', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const one = text(5120);
        const other = one.slice();
        other[at] = (other[at] ?? 0) ^ change;
        const expected = Math.floor(at / prefixBlockBytes);
        expect(shared(hashPrefixBlocks(one, 0, 5120), hashPrefixBlocks(other, 0, 5120))).toBe(expected);
      }),
    );
  });

  it('gives different prompts different hashes', () => {
    const seen = new Set<number>();
    const body = text(prefixBlockBytes);
    const view = new DataView(body.buffer);
    for (let number = 0; number < 20_000; number++) {
      view.setUint32(number % 1000, number);
      seen.add(hashPrefixBlocks(body, 0, prefixBlockBytes)[0] ?? 0);
    }
    // Of 32 bits: chance alone would make some 0.05 pairs equal.
    expect(seen.size).toBeGreaterThan(19_995);
  });
});
