import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { circuit, isProbing, type CircuitEvent } from './circuit.ts';

type Step = readonly [nowMs: number, event: CircuitEvent];

function play(steps: readonly Step[]) {
  let memory = circuit.begin();
  let untilMs = 0;
  for (const [nowMs, event] of steps)
    ({ decision: untilMs, memory } = circuit.decide({ nowMs, event }, memory));
  return { memory, untilMs };
}

const broke = (times: number, nowMs = 0): Step[] => Array.from({ length: times }, () => [nowMs, 'broke']);

describe('a circuit', () => {
  it('opens for a second when no connection can be made', () => {
    expect(play([[5000, 'unreachable']]).untilMs).toBe(6000);
  });

  it('opens after five requests in a row that broke, and an answer between begins the row anew', () => {
    expect(play(broke(4)).untilMs).toBe(0);
    expect(play(broke(5)).untilMs).toBe(1000);
    expect(play([...broke(4), [0, 'answered'], ...broke(4)]).untilMs).toBe(0);
  });

  it('lets one try when the time is over; an answer closes it, a failure opens it for twice as long', () => {
    const { memory } = play([[0, 'unreachable']]);
    expect([isProbing(memory, 999), isProbing(memory, 1000)]).toEqual([false, true]);
    expect(
      play([
        [0, 'unreachable'],
        [1000, 'answered'],
      ]).memory.state,
    ).toBe('closed');
    expect(
      play([
        [0, 'unreachable'],
        [1000, 'broke'],
      ]).untilMs,
    ).toBe(3000);
  });

  it('is not opened anew by what was sent before', () => {
    expect(play([[0, 'unreachable'], ...broke(9, 500)]).untilMs).toBe(1000);
  });

  it('forgives in time', () => {
    const flapping: Step[] = [
      [0, 'unreachable'],
      [1000, 'answered'],
    ];
    expect(play([...flapping, [2000, 'unreachable']]).untilMs).toBe(4000);
    expect(play([...flapping, [40_000, 'unreachable']]).untilMs).toBe(41_000);
  });

  it('is never open for longer than half a minute, and closed after any answer', () => {
    const steps = fc.array(
      fc.tuple(fc.nat(60_000), fc.constantFrom<CircuitEvent>('answered', 'unreachable', 'broke')),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(steps, (given) => {
        let memory = circuit.begin();
        let nowMs = 0;
        for (const [passedMs, event] of given) {
          nowMs += passedMs;
          const outcome = circuit.decide({ nowMs, event }, memory);
          ({ memory } = outcome);
          expect(outcome.decision).toBeLessThanOrEqual(nowMs + 30_000);
          expect(outcome.decision === 0).toBe(memory.state === 'closed');
          expect(event === 'answered' ? memory.state : 'closed').toBe('closed');
        }
      }),
    );
  });
});
