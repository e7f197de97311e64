import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priorities } from '#schema';
import { learnLeft, learnWait, workLimit, type WorkLimitInput, type WorkLimitMemory } from './work-limit.ts';

const calm: WorkLimitInput = {
  nowMs: 0,
  priority: 'standard',
  aheadMs: 0,
  places: 10,
  firstByteMs: 50,
  serviceMs: 50,
  chance: 0.5,
};
const decide = (change: Partial<WorkLimitInput>, memory: WorkLimitMemory = workLimit.begin()) =>
  workLimit.decide({ ...calm, ...change }, memory);

/** How many of a hundred chances refuse it. */
function share(aheadMs: number, priority: 'standard' | 'critical'): number {
  const decisions = Array.from(
    { length: 100 },
    (_, n) => decide({ deadlineMs: 1000, aheadMs, priority, chance: n / 100 }).decision,
  );
  return decisions.filter((decision) => decision.kind === 'refuse').length;
}

describe('work limit', () => {
  it('limits nothing where nobody said how long they can wait', () => {
    expect(decide({ aheadMs: 1e9 }).decision.kind).toBe('admit');
  });

  it('refuses at once what could not be answered before its deadline, and says when there is room', () => {
    // 10 s of work over ten places: a second, where 0.95 s are left for waiting.
    const { decision, reason } = decide({ deadlineMs: 1000, aheadMs: 9_950 });
    expect([decision, reason.code]).toMatchObject([
      { kind: 'refuse', code: 'overloaded', retryAfterMs: 50 },
      'deadline-too-near',
    ]);
    expect(decide({ deadlineMs: 40 }).decision).toMatchObject({ kind: 'refuse', code: 'too-late' });
  });

  it('counts until the first byte for a deadline, and the whole answer for an objective', () => {
    expect(decide({ deadlineMs: 100, firstByteMs: 20, serviceMs: 5000 }).decision.kind).toBe('refuse');
    expect(decide({ deadlineMs: 2000, firstByteMs: 20, serviceMs: 5000, places: 10 }).decision.kind).toBe(
      'admit',
    );
    expect(decide({ objectiveMs: 200, aheadMs: 2_000 }).decision.kind).toBe('refuse');
    expect(decide({ objectiveMs: 200, aheadMs: 100 }).decision.kind).toBe('admit');
  });

  it('leaves room for what matters more', () => {
    const full = { deadlineMs: 1000, aheadMs: 7000, chance: 0.999 };
    const kinds = priorities.map((priority) => decide({ ...full, priority }).decision.kind);
    expect(kinds).toEqual(['admit', 'refuse', 'refuse']);
    const half = { deadlineMs: 1000, aheadMs: 4500, chance: 0.999 };
    expect(priorities.map((priority) => decide({ ...half, priority }).decision.kind)).toEqual([
      'admit',
      'admit',
      'refuse',
    ]);
  });

  it('sheds by chance near the limit, more the nearer, and never what is critical', () => {
    expect([share(3000, 'standard'), share(8000, 'critical')]).toEqual([0, 0]);
    expect(share(4500, 'standard')).toBeGreaterThan(20);
    expect(share(6000, 'standard')).toBeGreaterThan(share(4500, 'standard'));
  });

  it('tightens when waits are longer than predicted, and loosens again', () => {
    const memory = workLimit.begin();
    const asked = { deadlineMs: 1000, aheadMs: 3000, chance: 0.999 };
    expect(decide(asked, memory).decision.kind).toBe('admit');
    for (let n = 0; n < 200; n++) learnWait(memory, 'standard', { predictedMs: 200, waitedMs: 900 });
    expect(decide(asked, memory).decision.kind).toBe('refuse');
    for (let n = 0; n < 400; n++) learnWait(memory, 'standard', { predictedMs: 200, waitedMs: 200 });
    expect(decide(asked, memory).decision.kind).toBe('admit');
  });

  it('learns from callers who leave how long others would wait, and forgets it when nobody leaves', () => {
    const memory = workLimit.begin();
    const asked = { aheadMs: 30_000, chance: 0.999 };
    expect(decide(asked, memory).decision.kind).toBe('admit');
    for (let n = 0; n < 20; n++) learnLeft(memory, 'standard', { predictedMs: 1000, waitedMs: 1000 });
    expect(decide(asked, memory).decision.kind).toBe('refuse');
    for (let n = 0; n < 200; n++) learnWait(memory, 'standard', { predictedMs: 500, waitedMs: 500 });
    expect(decide(asked, memory).decision.kind).toBe('admit');
  });

  it('refuses nobody because some leave, as long as most who waited as long stay', () => {
    const rounds = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 100 });
    fc.assert(
      fc.property(rounds, (leaving) => {
        const memory = workLimit.begin();
        for (const waitedMs of leaving) {
          learnLeft(memory, 'standard', { predictedMs: 10_000, waitedMs });
          for (let n = 0; n < 2; n++)
            learnWait(memory, 'standard', { predictedMs: 10_000, waitedMs: 10_000 });
          const far = { aheadMs: 1e6, chance: 0.999 };
          expect(decide(far, memory).decision.kind).toBe('admit');
        }
      }),
    );
  });

  it('never refuses what waits for the next free place, unless its deadline is nearer', () => {
    const anyInput = fc.record({
      nowMs: fc.constant(0),
      priority: fc.constantFrom(...priorities),
      aheadMs: fc.constant(0),
      places: fc.integer({ min: 1, max: 500 }),
      firstByteMs: fc.double({ min: 1, max: 1e5, noNaN: true }),
      serviceMs: fc.double({ min: 1, max: 1e5, noNaN: true }),
      objectiveMs: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(workLimit.decide(input, workLimit.begin()).decision.kind).toBe('admit');
      }),
    );
  });
});
