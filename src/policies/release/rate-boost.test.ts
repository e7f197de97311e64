import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pair } from './pair.ts';
import { logBoostOf } from './rate-boost.ts';
import type { Seen } from './rate-bounds.ts';
import { evenCurve, learnRate, logHarm, type RateCurve } from './rate-curve.ts';

const both = (candidate: Seen, stable: Seen): Pair<Seen> => ({ candidate, stable });

function learned(curve: RateCurve, { candidate, stable }: Pair<Seen>): RateCurve {
  const share = candidate.requests / (candidate.requests + stable.requests);
  return learnRate(curve, { candidate: candidate.bad, both: candidate.bad + stable.bad, share });
}

function ways(from: number, taken: number): number {
  let product = 1;
  for (let at = 1; at <= taken; at += 1) product *= (from - taken + at) / at;
  return product;
}

const anyLook = fc.record({
  mine: fc.integer({ min: 1, max: 6 }),
  theirs: fc.integer({ min: 1, max: 20 }),
  bad: fc.integer({ min: 1, max: 5 }),
  landed: fc.integer({ min: 0, max: 6 }),
  cap: fc.double({ min: 0.1, max: 8, noNaN: true }),
});

describe('rate boost', () => {
  it('pays nothing beyond the cap, and is never expected to grow for a version that is alike', () => {
    fc.assert(
      fc.property(anyLook, ({ mine, theirs, bad, landed, cap }) => {
        const curve = learned(evenCurve, both({ requests: 10, bad: landed }, { requests: 90, bad: 3 }));
        const before = logHarm(curve, 1);
        fc.pre(before < cap && bad <= mine + theirs);
        let expected = 0;
        for (let mineBad = Math.max(0, bad - theirs); mineBad <= Math.min(bad, mine); mineBad += 1) {
          const seen = both({ requests: mine, bad: mineBad }, { requests: theirs, bad: bad - mineBad });
          const chance = (ways(mine, mineBad) * ways(theirs, bad - mineBad)) / ways(mine + theirs, bad);
          const boost = logBoostOf({ curve, logBoost: 0 }, seen, { tolerated: 1, logCap: cap });
          const after = logHarm(learned(curve, seen), 1) + boost;
          expect(after).toBeLessThanOrEqual(cap + 1e-9);
          expected += chance * Math.exp(after - before);
        }
        expect(expected).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('makes more of every outcome that does not reach the cap, once one could pass it', () => {
    const curve = learned(evenCurve, both({ requests: 10, bad: 3 }, { requests: 90, bad: 1 }));
    const before = logHarm(curve, 1);
    const spared = both({ requests: 1, bad: 0 }, { requests: 9, bad: 1 });
    const near = { tolerated: 1, logCap: before + 0.3 };
    expect(logBoostOf({ curve, logBoost: 0 }, spared, near)).toBeGreaterThan(0.1);
    expect(logBoostOf({ curve, logBoost: 0 }, spared, { ...near, logCap: before + 9 })).toBe(0);
    expect(logBoostOf({ curve, logBoost: 0 }, spared, { ...near, tolerated: 1.2 })).toBe(0);
  });
});
