import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenCurve, learnRate, logHarm, ratioBound, type BadEvents } from './rate-curve.ts';

const anyEvents: fc.Arbitrary<BadEvents> = fc
  .record({
    candidate: fc.nat(30),
    others: fc.nat(30),
    share: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  })
  .map(({ candidate, others, share }) => ({ candidate, both: candidate + others, share }));

function chance(successes: number, draws: number, part: number): number {
  let ways = 1;
  for (let at = 1; at <= successes; at += 1) ways *= (draws - successes + at) / at;
  return ways * part ** successes * (1 - part) ** (draws - successes);
}

describe('rate curve', () => {
  it('learns nothing from a time in which nothing bad happened, nor from one in which only one version served', () => {
    expect(learnRate(evenCurve, { candidate: 0, both: 0, share: 0.3 })).toBe(evenCurve);
    const alone = learnRate(evenCurve, { candidate: 7, both: 7, share: 1 });
    expect(logHarm(alone, 1)).toBeCloseTo(0, 9);
  });

  it('finds harm when bad events land on the candidate more often than its share, and none when they do not', () => {
    // A tenth of the requests: 20 of 40 bad events instead of 4.
    expect(logHarm(learnRate(evenCurve, { candidate: 20, both: 40, share: 0.1 }), 1)).toBeGreaterThan(10);
    expect(logHarm(learnRate(evenCurve, { candidate: 4, both: 40, share: 0.1 }), 1)).toBeLessThan(0);
  });

  it('is an e-value: if the candidate is no worse than tolerated, what one can expect of it is at most 1', () => {
    const rates = fc.record({
      share: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
      draws: fc.integer({ min: 1, max: 40 }),
      tolerated: fc.constantFrom(1, 1.2, 2),
      part: fc.double({ min: 0.05, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(rates, ({ share, draws, tolerated, part }) => {
        const ratio = tolerated * part;
        const landing = (share * ratio) / (share * ratio + 1 - share);
        let expected = 0;
        for (let candidate = 0; candidate <= draws; candidate += 1) {
          const curve = learnRate(evenCurve, { candidate, both: draws, share });
          expected += chance(candidate, draws, landing) * Math.exp(logHarm(curve, tolerated));
        }
        expect(expected).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('does not mind in how many looks it is told', () => {
    fc.assert(
      fc.property(anyEvents, fc.integer({ min: 1, max: 5 }), ({ candidate, both, share }, parts) => {
        let curve = evenCurve;
        for (let part = 0; part < parts; part += 1)
          curve = learnRate(curve, { candidate: candidate / parts, both: both / parts, share });
        const whole = learnRate(evenCurve, { candidate, both, share });
        expect(logHarm(curve, 1)).toBeCloseTo(logHarm(whole, 1), 6);
      }),
    );
  });

  it('bounds the ratio once enough has happened, above what was seen', () => {
    expect(ratioBound(evenCurve, 0.05)).toBe(Infinity);
    const even = learnRate(evenCurve, { candidate: 100, both: 200, share: 0.5 });
    expect(ratioBound(even, 0.05)).toBeGreaterThan(1);
    expect(ratioBound(even, 0.05)).toBeLessThan(2);
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { candidate, both, share } = events;
        const found = (candidate / share) * ((1 - share) / Math.max(both - candidate, 1));
        const bound = ratioBound(learnRate(evenCurve, events), 0.05);
        expect(bound).toBeGreaterThanOrEqual(Math.min(found, 32));
      }),
    );
  });
});
