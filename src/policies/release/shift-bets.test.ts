import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBuckets, bucketCount, bucketOf } from './buckets.ts';
import { beginShiftBets, logShift, settleShifts, type ShiftBets } from './shift-bets.ts';

const terms = { direction: 'greater', tolerated: 1, logCap: 40 } as const;

function histogram(values: readonly number[]): readonly number[] {
  const buckets = Array.from({ length: bucketCount }, () => 0);
  for (const value of values) buckets[bucketOf(value)] = (buckets[bucketOf(value)] ?? 0) + 1;
  return buckets;
}

/** Values spread evenly over an octave from `low` on, as a version that takes so long would show. */
function octave(low: number, count: number): readonly number[] {
  return histogram(Array.from({ length: count }, (_, at) => low * 2 ** ((at + 0.5) / count)));
}

function settled(candidateLow: number, tolerated = 1): ShiftBets {
  let bets = beginShiftBets('greater');
  for (let block = 0; block < 20; block += 1)
    bets = settleShifts(
      bets,
      { candidate: octave(candidateLow, 10), stable: octave(100, 30) },
      { ...terms, tolerated },
    );
  return bets;
}

describe('shift bets', () => {
  it('wins on a candidate that is slower and loses on one that is as fast or faster', () => {
    expect(logShift(settled(150), 'greater')).toBeGreaterThan(20);
    expect(logShift(settled(110), 'greater')).toBeGreaterThan(1);
    expect(logShift(settled(100), 'greater')).toBeLessThan(0);
    expect(logShift(settled(80), 'greater')).toBeLessThan(0);
  });

  it('forgives what is tolerated', () => {
    expect(logShift(settled(150, 1.6), 'greater')).toBeLessThan(0);
  });

  it('finds shorter as well as longer where difference is asked for', () => {
    let bets = beginShiftBets('different');
    for (let block = 0; block < 20; block += 1)
      bets = settleShifts(
        bets,
        { candidate: octave(40, 10), stable: octave(100, 30) },
        { ...terms, direction: 'different' },
      );
    expect(logShift(bets, 'different')).toBeGreaterThan(20);
  });

  it('is expected not to grow if the candidate is alike or smaller, whatever the distributions', () => {
    const worlds = fc.record({
      base: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 40, maxLength: 120 }),
      // The distribution now need not be that of the past.
      low: fc.integer({ min: 1, max: 300 }),
      high: fc.integer({ min: 1, max: 300 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      smaller: fc.double({ min: 0, max: 1, noNaN: true }),
      logCap: fc.double({ min: 0.01, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(worlds, ({ base, low: one, high: other, part, smaller, logCap }) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const before: ShiftBets = {
          ...beginShiftBets('greater'),
          base: histogram(base),
          model: histogram(base),
        };
        let expected = 0;
        // One value of the candidate and two of the stable version, each low or high with the same chance.
        for (let outcome = 0; outcome < 8; outcome += 1) {
          const highs = [outcome & 1, (outcome >> 1) & 1, (outcome >> 2) & 1];
          const values = highs.map((isHigh) => (isHigh === 1 ? high : low));
          const chance = highs.reduce((product, isHigh, at) => {
            const highPart = at === 0 ? part * smaller : part;
            return product * (isHigh === 1 ? highPart : 1 - highPart);
          }, 1);
          const seen = { candidate: histogram(values.slice(0, 1)), stable: histogram(values.slice(1)) };
          const after = logShift(settleShifts(before, seen, { ...terms, logCap }), 'greater');
          expect(after).toBeLessThanOrEqual(logCap + 1e-9);
          expected += chance * Math.exp(after);
        }
        expect(expected).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('does not mistake better for worse, nor what is tolerated in both ways for a difference', () => {
    for (const low of [1, 10, 40, 70]) expect(logShift(settled(low), 'greater')).toBeLessThan(0);
    let bets = beginShiftBets('different');
    for (let block = 0; block < 20; block += 1)
      bets = settleShifts(
        bets,
        { candidate: octave(100, 10), stable: octave(100, 30) },
        { ...terms, direction: 'different', tolerated: 1.5 },
      );
    expect(logShift(bets, 'different')).toBeLessThan(0);
  });

  it('bets nothing before it knows the stable version', () => {
    const seen = { candidate: octave(900, 20), stable: octave(100, 20) };
    expect(logShift(settleShifts(beginShiftBets('greater'), seen, terms), 'greater')).toBeCloseTo(0, 9);
  });
});

/** Some answers come from a cache, some do not. */
function kinds(ratio: number, count: number): readonly number[] {
  return addBuckets(octave(40 * ratio, count), octave(900 * ratio, count));
}

describe('shift bets on values of two kinds', () => {
  it('find that both are slower', () => {
    let bets = beginShiftBets('greater');
    for (let block = 0; block < 40; block += 1)
      bets = settleShifts(bets, { candidate: kinds(1.5, 5), stable: kinds(1, 20) }, terms);
    expect(logShift(bets, 'greater')).toBeGreaterThan(10);
  });
});
