import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { riseBound } from './rate-bounds.ts';

const anySeen = fc
  .record({ requests: fc.integer({ min: 1, max: 5000 }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ requests, part }) => ({ requests, bad: Math.round(requests * part) }));

describe('rise bound', () => {
  it('says something of what has never happened', () => {
    // About ln(20·…)/n: nothing bad in 1,000 requests leaves at most some one in a hundred.
    const bound = riseBound({ bad: 0, requests: 1000 }, { bad: 0, requests: 1000 }, 0.05);
    expect(bound).toBeGreaterThan(0.003);
    expect(bound).toBeLessThan(0.01);
  });

  it('says nothing without requests', () => {
    expect(riseBound({ bad: 0, requests: 0 }, { bad: 0, requests: 0 }, 0.05)).toBe(1);
  });

  it('is never below the rise that was seen, and narrower the more is seen', () => {
    fc.assert(
      fc.property(anySeen, anySeen, (candidate, stable) => {
        const seen = candidate.bad / candidate.requests - stable.bad / stable.requests;
        const bound = riseBound(candidate, stable, 0.05);
        const more = (of: typeof candidate) => ({ bad: of.bad * 10, requests: of.requests * 10 });
        expect(bound).toBeGreaterThanOrEqual(seen - 1e-9);
        expect(riseBound(more(candidate), more(stable), 0.05)).toBeLessThanOrEqual(bound + 1e-9);
      }),
    );
  });
});
