import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logSum } from './log-sum.ts';
import { revealPart, type Met } from './revealed-part.ts';

const kinds = 4;
const weights = [0.7, 0.3];

/** Five values, of which these two are the candidate's; the greatest first. */
function metOf(pool: readonly number[], mine: readonly number[]): readonly Met[] {
  const met = Array.from({ length: kinds }, (_, bucket) => ({
    bucket,
    mine: mine.filter((at) => pool[at] === bucket).length,
    both: pool.filter((one) => one === bucket).length,
  }));
  return met.filter(({ both }) => both > 0).toReversed();
}

const pairs = [0, 1, 2, 3, 4].flatMap((one) =>
  [0, 1, 2, 3, 4].filter((other) => other > one).map((other) => [one, other]),
);
const ratio = fc.double({ min: 0.05, max: 20, noNaN: true });
const anyPart = fc.record({
  pool: fc.array(fc.integer({ min: 0, max: kinds - 1 }), { minLength: 5, maxLength: 5 }),
  odds: fc.tuple(
    fc.array(ratio, { minLength: kinds, maxLength: kinds }),
    fc.array(ratio, { minLength: kinds, maxLength: kinds }),
  ),
  // Bets that have lost all they had too: their powers are no numbers any more.
  wealth: fc.constantFrom([0, 0], [1, -2], [-900, -1200], [-900, 0.5]),
  room: fc.double({ min: 0.01, max: 6, noNaN: true }),
});

describe('a part that is revealed', () => {
  it('pays nothing beyond the cap, and exactly what was there if the versions are alike', () => {
    fc.assert(
      fc.property(anyPart, ({ pool, odds, wealth, room }) => {
        const before = logSum(wealth, weights);
        const stake = { wealth, weights, logBoost: 0, logCap: before + room };
        let expected = 0;
        for (const mine of pairs) {
          const settled = revealPart({ met: metOf(pool, mine), candidate: 2, odds }, stake);
          if (settled === undefined) throw new Error('not revealed');
          const after = logSum(settled.wealth, weights) + settled.logBoost;
          expect(after).toBeLessThanOrEqual(stake.logCap + 1e-9);
          expected += Math.exp(after - before) / pairs.length;
        }
        expect(expected).toBeCloseTo(1, 6);
      }),
    );
  });

  it('is left to others where there is too much of it, or the cap is reached already', () => {
    const stake = { wealth: [0, 0], weights, logBoost: 0, logCap: 5 };
    const odds = [
      [1, 2],
      [1, 3],
    ];
    const met = [{ bucket: 1, mine: 100, both: 200 }];
    expect(revealPart({ met, candidate: 100, odds }, stake)).toBeUndefined();
    expect(
      revealPart({ met: [{ bucket: 1, mine: 1, both: 2 }], candidate: 1, odds }, { ...stake, logBoost: 5 }),
    ).toBeUndefined();
  });
});
