import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptFailures, type Fallback } from '#schema';
import { nextInChain } from './next-in-chain.ts';

const failure = fc.constantFrom(...attemptFailures);
const chain: fc.Arbitrary<Fallback[]> = fc.uniqueArray(
  fc.record({
    deployment: fc.string({ minLength: 1 }),
    on: fc.uniqueArray(failure, { minLength: 1 }),
  }),
  { maxLength: 8, selector: (one) => one.deployment },
);

describe('a chain of fallbacks', () => {
  it('ends: whatever fails in whatever way, none is asked twice and all in their order', () => {
    fc.assert(
      fc.property(chain, fc.array(failure, { minLength: 20, maxLength: 20 }), (given, failures) => {
        const asked: string[] = [];
        let memory = nextInChain.begin();
        for (const one of failures) {
          const outcome = nextInChain.decide(
            { failure: one, chain: given, leftMs: Infinity, isThere: () => true },
            memory,
          );
          memory = outcome.memory;
          if (outcome.decision === undefined) break;
          expect(outcome.decision.on).toContain(one);
          asked.push(outcome.decision.deployment);
        }
        expect(asked.length).toBeLessThanOrEqual(given.length);
        const order = given.map((one) => one.deployment).filter((name) => asked.includes(name));
        expect(asked).toEqual(order);
      }),
    );
  });

  it('does not help a caller who is to blame, has no time left, or names what is not there', () => {
    const given: Fallback[] = [{ deployment: 'b', on: ['error'] }];
    const ask = { failure: 'error', chain: given, leftMs: 10, isThere: () => true } as const;
    expect(nextInChain.decide(ask, 0).decision?.deployment).toBe('b');
    expect(nextInChain.decide({ ...ask, failure: undefined }, 0).reason.code).toBe('caller-is-to-blame');
    expect(nextInChain.decide({ ...ask, leftMs: 0 }, 0).reason.code).toBe('no-time-left');
    expect(nextInChain.decide({ ...ask, failure: 'timeout' }, 0).reason.code).toBe('chain-exhausted');
    expect(nextInChain.decide({ ...ask, isThere: () => false }, 0).reason.code).toBe('chain-exhausted');
  });
});
