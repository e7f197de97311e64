import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReturns, noteCame, noteFreed, returnUntilMs, type Returns } from './returns.ts';

/** A batch of b takes b + 4 ms. */
const rates = { inputMs: 1, fixedMs: 4 };

/** Runs of `size` that end every 20 ms; after each, requests come at these times. */
function learned(size: number, cameMs: readonly number[], runs = 60): Returns {
  const returns = createReturns();
  for (let run = 0; run < runs; run++) {
    noteFreed(returns, { nowMs: run * 20, answered: size });
    for (const after of cameMs) noteCame(returns, run * 20 + after);
  }
  noteFreed(returns, { nowMs: runs * 20, answered: size });
  return returns;
}

const freedMs = 60 * 20;
const until = (returns: Returns, waiting: number, nowMs = freedMs): number =>
  returnUntilMs(returns, { nowMs, waiting, rates });

describe('callers who come back', () => {
  it('are waited for while others of the same size wait already, and no longer than they usually take', () => {
    expect(until(learned(4, [0.3, 0.4, 0.5, 0.5]), 4)).toBe(freedMs + 0.5);
    expect(until(learned(4, [0.3, 0.4, 0.5, 0.9]), 4)).toBe(freedMs + 0.5);
    expect(until(learned(4, [0.8, 0.8, 0.9, 0.9]), 4)).toBe(freedMs + 1);
  });

  it('are not waited for once they are here', () => {
    const returns = learned(3, [0.1, 0.2, 0.3]);
    for (const after of [0.1, 0.2, 0.3]) {
      expect(until(returns, 2, freedMs + after)).toBeGreaterThan(freedMs);
      noteCame(returns, freedMs + after);
    }
    expect(until(returns, 5, freedMs + 0.3)).toBe(-Infinity);
  });

  it('are not waited for where few do, where they take too long, and before anything is known', () => {
    expect(until(learned(8, [0.3]), 4)).toBe(-Infinity);
    expect(until(learned(2, [6, 7]), 4)).toBe(-Infinity);
    expect(until(learned(4, []), 1)).toBe(-Infinity);
    expect(until(createReturns(), 1)).toBe(-Infinity);
  });

  it('are forgotten when they have gone', () => {
    const returns = learned(4, [0.3, 0.3, 0.4, 0.4]);
    for (let run = 61; run < 120; run++) noteFreed(returns, { nowMs: run * 20, answered: 4 });
    expect(until(returns, 2, 119 * 20)).toBe(-Infinity);
  });

  it('never hold a batch for longer than those who are missing can save, whatever came when', () => {
    const story = fc.record({
      came: fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 40 }),
      size: fc.integer({ min: 1, max: 64 }),
      waiting: fc.integer({ min: 1, max: 64 }),
      after: fc.double({ min: 0, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(story, ({ came, size, waiting, after }) => {
        const nowMs = freedMs + after;
        const found = until(learned(size, came), waiting, nowMs);
        if (found === -Infinity) return;
        expect(found).toBeGreaterThan(nowMs);
        expect(waiting * (found - nowMs)).toBeLessThan(size * rates.fixedMs + 1e-4);
      }),
    );
  });
});
