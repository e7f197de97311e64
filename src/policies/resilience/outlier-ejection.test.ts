import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnswers, hearAnswer, outlierEjection } from './outlier-ejection.ts';

const fleet = (count: number) => Array.from({ length: count }, () => ({ answers: createAnswers() }));

type Fleet = ReturnType<typeof fleet>;

/** The replica answers, and is judged where the answer was bad. */
function answer(replicas: Fleet, given: { at: number; isGood: boolean; nowMs?: number }) {
  const { at, isGood, nowMs = 0 } = given;
  const replica = replicas[at];
  if (replica !== undefined) hearAnswer(replica.answers, isGood, nowMs);
  if (isGood) return { decision: 0, reason: { code: 'good' } };
  return outlierEjection.decide({ nowMs, replicas, at, failuresInARow: 5, baseMs: 10_000 }, undefined);
}

const failTimes = (replicas: Fleet, times: number, nowMs = 0) =>
  Array.from({ length: times }, () => answer(replicas, { at: 0, isGood: false, nowMs })).at(-1);

describe('outlier ejection', () => {
  it('passes over a replica that failed five times in a row, for longer each time', () => {
    const replicas = fleet(3);
    expect(failTimes(replicas, 4)?.decision).toBe(0);
    expect(failTimes(replicas, 1)).toMatchObject({
      decision: 10_000,
      reason: { code: 'failed-in-a-row' },
    });
    expect(failTimes(replicas, 5, 10_000)?.decision).toBe(30_000);
  });

  it('passes over a replica that fails clearly more often than the others', () => {
    const replicas = fleet(3);
    for (let round = 0; round < 40; round++) {
      answer(replicas, { at: 1, isGood: round % 20 !== 0 });
      answer(replicas, { at: 2, isGood: round % 20 !== 0 });
    }
    const outcomes = Array.from({ length: 40 }, (_, round) =>
      answer(replicas, { at: 0, isGood: round % 2 === 0 }),
    );
    expect(outcomes.map(({ reason }) => reason.code)).toContain('worse-than-its-peers');
  });

  it('leaves them all where all fail alike: the cause is elsewhere', () => {
    const replicas = fleet(6);
    const codes = new Set<string>();
    for (let round = 0; round < 200; round++)
      codes.add(answer(replicas, { at: round % 6, isGood: round % 12 < 6 }).reason.code);
    expect(codes).not.toContain('worse-than-its-peers');
  });

  it('leaves a replica that has no peers', () => {
    expect(failTimes(fleet(1), 50)).toMatchObject({ decision: 0, reason: { code: 'has-no-peers' } });
  });

  it('never passes over more than a third at a time, one of two, and none for longer than five minutes', () => {
    const steps = fc.array(fc.record({ at: fc.nat(11), isGood: fc.boolean(), passedMs: fc.nat(5000) }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (count, history) => {
        const replicas = fleet(count);
        let nowMs = 0;
        for (const { at, isGood, passedMs } of history) {
          nowMs += passedMs;
          answer(replicas, { at: at % count, isGood, nowMs });
          const ejected = replicas.filter(({ answers }) => answers.ejectedUntilMs > nowMs);
          expect(ejected.length).toBeLessThanOrEqual(count === 1 ? 0 : Math.max(1, Math.floor(count / 3)));
          for (const { answers } of ejected)
            expect(answers.ejectedUntilMs).toBeLessThanOrEqual(nowMs + 300_000);
        }
      }),
    );
  });
});
