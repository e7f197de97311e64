import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrefixMirror } from './prefix-mirror.ts';

const chain = (...hashes: number[]): Uint32Array => Uint32Array.from(hashes);

/** A cache of blocks as one would write it without caring for speed. Oldest first. */
function createPlainCache(max: number) {
  let blocks: number[] = [];
  return {
    touch(hashes: Uint32Array) {
      for (const hash of hashes.slice(0, max).toReversed()) {
        blocks = [...blocks.filter((one) => one !== hash), hash];
        if (blocks.length > max) blocks = blocks.slice(1);
      }
    },
    match(hashes: Uint32Array) {
      const missing = hashes.findIndex((hash) => !blocks.includes(hash));
      return missing === -1 ? hashes.length : missing;
    },
  };
}

/** Paths through a tree of prompts: what a block is called tells all that came before it. */
const prompts = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 9 })
  .map((turns) => Uint32Array.from(turns, (_, at) => Number(turns.slice(0, at + 1).join(''))));

describe('a mirror of a prefix cache', () => {
  it('finds how much of a prompt was read before', () => {
    const mirror = createPrefixMirror(8);
    mirror.touch(chain(1, 2, 3));
    expect(mirror.match(chain(1, 2, 3, 4))).toBe(3);
    expect(mirror.match(chain(1, 9))).toBe(1);
    expect(mirror.match(chain(7))).toBe(0);
    expect(mirror.match(chain())).toBe(0);
  });

  it('forgets ends before beginnings, and what was not used for longest', () => {
    const mirror = createPrefixMirror(4);
    mirror.touch(chain(1, 2, 3));
    mirror.touch(chain(1, 5, 6));
    // Five blocks and room for four: 3 is the end of the older prompt.
    expect(mirror.match(chain(1, 2, 3))).toBe(2);
    expect(mirror.match(chain(1, 5, 6))).toBe(3);
  });

  it('holds nothing after the replica began anew', () => {
    const mirror = createPrefixMirror(4);
    mirror.touch(chain(1, 2));
    mirror.clear();
    expect([mirror.size(), mirror.match(chain(1, 2))]).toEqual([0, 0]);
    mirror.touch(chain(3));
    expect([mirror.size(), mirror.match(chain(3))]).toEqual([1, 1]);
  });

  it('answers as a plain cache does, and never holds more than it may', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(prompts, { maxLength: 60 }),
        prompts,
        (max, history, next) => {
          const mirror = createPrefixMirror(max);
          const plain = createPlainCache(max);
          for (const prompt of history) {
            expect(mirror.match(prompt)).toBe(plain.match(prompt));
            mirror.touch(prompt);
            plain.touch(prompt);
            expect(mirror.size()).toBeLessThanOrEqual(max);
          }
          expect(mirror.match(next)).toBe(plain.match(next));
        },
      ),
    );
  });
});
