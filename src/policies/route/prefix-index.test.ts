import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrefixIndex } from './prefix-index.ts';
import { createPrefixMirror } from './prefix-mirror.ts';

/** Paths through a tree of prompts: what a block is called tells all that came before it. */
const prompts = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 })
  .map((turns) => Uint32Array.from(turns, (_, at) => Number(turns.slice(0, at + 1).join(''))));

const steps = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ prompt: prompts, replica: fc.nat(69) }) },
    { weight: 1, arbitrary: fc.record({ prompt: fc.constant(undefined), replica: fc.nat(69) }) },
  ),
  { maxLength: 120 },
);

describe('an index of prefixes', () => {
  it('tells of every replica how much of a prompt it holds', () => {
    const index = createPrefixIndex(4, 10);
    index.touch(Uint32Array.from([1, 2, 3]), 0);
    index.touch(Uint32Array.from([1, 2]), 1);
    index.touch(Uint32Array.from([9]), 2);
    const held = new Int32Array(4);
    index.match(Uint32Array.from([1, 2, 3, 4]), held);
    expect([...held]).toEqual([3, 2, 0, 0]);
    index.match(new Uint32Array(0), held);
    expect([...held]).toEqual([0, 0, 0, 0]);
  });

  it('answers as each replica alone would, more than a word of them, and holds no block that nobody holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), steps, prompts, (blocksMax, history, asked) => {
        const count = 70;
        const index = createPrefixIndex(count, blocksMax);
        const mirrors = Array.from({ length: count }, () => createPrefixMirror(blocksMax));
        for (const { prompt, replica } of history) {
          if (prompt === undefined) {
            index.clear(replica);
            mirrors[replica]?.clear();
          } else {
            index.touch(prompt, replica);
            mirrors[replica]?.touch(prompt);
          }
        }
        const held = new Int32Array(count);
        index.match(asked, held);
        expect([...held]).toEqual(mirrors.map((mirror) => mirror.match(asked)));
        expect(index.size()).toBeLessThanOrEqual(mirrors.reduce((sum, mirror) => sum + mirror.size(), 0));
        for (let replica = 0; replica < count; replica++) index.clear(replica);
        expect(index.size()).toBe(0);
      }),
    );
  });

  it('keeps its answers while it grows', () => {
    const index = createPrefixIndex(33, 5000);
    for (let at = 1; at <= 5000; at++) index.touch(Uint32Array.from([at * 2_654_435]), at % 33);
    const held = new Int32Array(33);
    for (let at = 1; at <= 5000; at++) {
      index.match(Uint32Array.from([at * 2_654_435]), held);
      expect(held.indexOf(1)).toBe(at % 33);
    }
  });
});
