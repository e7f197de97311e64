import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earnRetry, retryBudget, type RetryInput } from './retry-budget.ts';

const lost: RetryInput = { attempts: 1, attemptsMax: 3, begun: false, repeatable: false, answered: false };
const decide = (change: Partial<RetryInput>) =>
  retryBudget.decide({ ...lost, ...change }, retryBudget.begin()).reason.code;

describe('a retry budget', () => {
  it('tries again what never began, and what may be done twice', () => {
    expect(decide({})).toBe('retried');
    expect(decide({ begun: true })).toBe('work-may-have-begun');
    expect(decide({ begun: true, repeatable: true })).toBe('retried');
  });

  it('tries nothing again of which the caller has heard, and nothing for ever', () => {
    expect(decide({ repeatable: true, answered: true })).toBe('answer-had-begun');
    expect(decide({ attempts: 3 })).toBe('attempts-used-up');
  });

  it('never makes more retries than its share of the requests, and ten', () => {
    const chances = fc.array(fc.nat(4), { maxLength: 600 });
    fc.assert(
      fc.property(chances, fc.integer({ min: 0, max: 100 }), (requests, percent) => {
        const memory = retryBudget.begin();
        let retries = 0;
        for (const failures of requests) {
          earnRetry(memory, percent / 100);
          for (let time = 0; time < failures; time++)
            if (retryBudget.decide(lost, memory).decision) retries += 1;
          expect(memory.tokens).toBeGreaterThanOrEqual(0);
        }
        expect(retries).toBeLessThanOrEqual(10 + (requests.length * percent) / 100 + 1e-6);
      }),
    );
  });
});
