import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stall, type StallInput } from './stall.ts';

type Life = StallInput['life'];

/** When, in seconds from the first probe, a replica that answers thus once a second is found stalled. */
function stalledAt(lives: readonly Life[], stallMs = 15_000): number | undefined {
  let memory = stall.begin();
  for (const [second, life] of lives.entries()) {
    const outcome = stall.decide({ nowMs: second * 1000, stallMs, life }, memory);
    if (outcome.decision === 'stalled') return second;
    memory = outcome.memory;
  }
  return undefined;
}
const times = (count: number, life: Life): Life[] => Array.from({ length: count }, () => life);

describe('stall', () => {
  it('finds a replica that has work and stands still', () => {
    expect(stalledAt(times(60, { progress: 7, active: 2 }))).toBe(15);
  });

  it('finds a replica that does not answer', () => {
    expect(stalledAt([{ progress: 7, active: 0 }, ...times(60, undefined)])).toBe(15);
  });

  it('adds silence and standstill up', () => {
    const lives = Array.from({ length: 60 }, (_, n) => (n % 2 ? undefined : { progress: 1, active: 1 }));
    expect(stalledAt(lives)).toBe(15);
  });

  it('counts from the moment the work began, not from the last one before', () => {
    expect(
      stalledAt([...times(100, { progress: 7, active: 0 }), ...times(60, { progress: 7, active: 1 })]),
    ).toBe(99 + 15);
  });

  it('does not condemn a replica because nobody looked', () => {
    const busy = { progress: 3, active: 1 };
    let { memory } = stall.decide({ nowMs: 0, stallMs: 15_000, life: busy }, stall.begin());
    const decisions = [100_000, 101_000, 102_000].map((nowMs) => {
      const outcome = stall.decide({ nowMs, stallMs: 15_000, life: busy }, memory);
      memory = outcome.memory;
      return outcome.decision;
    });
    expect(decisions).toEqual(['well', 'well', 'stalled']);
  });

  it('never calls an idle or a moving replica stalled', () => {
    const idle = fc.record({ progress: fc.nat(3), active: fc.constant(0) });
    fc.assert(
      fc.property(fc.array(idle, { maxLength: 80 }), (lives) => {
        expect(stalledAt(lives)).toBeUndefined();
      }),
    );
    const steps = fc.array(fc.record({ by: fc.integer({ min: 1, max: 9 }), active: fc.nat(4) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, (moves) => {
        let progress = 0;
        const lives = moves.map(({ by, active }) => ({ progress: (progress += by), active }));
        expect(stalledAt(lives)).toBeUndefined();
      }),
    );
  });
});
