import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earnHedge, hearTook, hedge, hedgeAfterMs, type HedgeInput } from './hedge.ts';

const slow: HedgeInput = { repeatable: true, hedged: false, hasRoom: true };

const decide = (change: Partial<HedgeInput>) =>
  hedge.decide({ ...slow, ...change }, hedge.begin()).reason.code;

describe('hedging', () => {
  it('waits for the slowest twentieth, and for nothing before a hundred answers are known', () => {
    const memory = hedge.begin();
    for (let time = 0; time < 99; time++) hearTook(memory, 10);
    expect(hedgeAfterMs(memory)).toBeUndefined();
    for (let time = 0; time < 6; time++) hearTook(memory, 500);
    const afterMs = hedgeAfterMs(memory) ?? 0;
    expect(afterMs).toBeGreaterThanOrEqual(500);
    expect(afterMs).toBeLessThan(600);
  });

  it('sends twice only what may be done twice, once, where there is room', () => {
    expect(decide({})).toBe('hedged');
    expect(decide({ repeatable: false })).toBe('work-may-not-be-done-twice');
    expect(decide({ hedged: true })).toBe('was-hedged');
    expect(decide({ hasRoom: false })).toBe('no-room-to-hedge');
  });

  it('tells the 95th percentile within a fifth, whatever the times are', () => {
    const times = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 100, maxLength: 900 });
    fc.assert(
      fc.property(times, (list) => {
        const memory = hedge.begin();
        for (const ms of list) hearTook(memory, ms);
        const exact = list.toSorted((a, b) => a - b)[Math.ceil(0.95 * list.length) - 1] ?? 0;
        expect(hedgeAfterMs(memory)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
        expect(hedgeAfterMs(memory)).toBeLessThanOrEqual(exact * 1.2 * (1 + 1e-9));
      }),
    );
  });

  it('never makes more second calls than its share of the requests, and a few', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 0, max: 10 }), (requests, percent) => {
        const memory = hedge.begin();
        let calls = 0;
        for (let request = 0; request < requests; request++) {
          earnHedge(memory, percent / 100);
          if (hedge.decide(slow, memory).decision) calls += 1;
        }
        expect(calls).toBeLessThanOrEqual(1 + (requests * percent) / 100 + 1e-6);
      }),
    );
  });
});
