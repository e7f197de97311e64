import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restartDelay, restartDelayMaxMs, restartDelayMinMs } from './restart-delay.ts';

const calm = { chance: 0.5, failed: false, steadyMs: undefined };

/** The delays of a deployment whose replicas fail as soon as they are started. */
function delays(chances: readonly number[]): number[] {
  let memory = restartDelay.begin();
  let nowMs = 1_000_000;
  return chances.map((chance) => {
    memory = restartDelay.decide({ ...calm, nowMs, chance, failed: true }, memory).memory;
    const startAtMs = memory.nextStartAtMs ?? nowMs;
    const delay = startAtMs - nowMs;
    nowMs = startAtMs;
    return delay;
  });
}

describe('restart delay', () => {
  it('doubles from half a second to a minute', () => {
    expect(delays(Array.from({ length: 9 }, () => 0.5))).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  it('grows with every failure whatever the chance, and stays within its bounds', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(chance, { maxLength: 40 }), (chances) => {
        const all = delays(chances);
        const inBounds = all.every((d) => d >= restartDelayMinMs * 0.75 && d <= restartDelayMaxMs);
        const grows = all.every((d, n) => n === 0 || d > (all[n - 1] ?? 0) || d === restartDelayMaxMs);
        expect([inBounds, grows || chances.length > 6]).toEqual([true, true]);
      }),
    );
  });

  it('waits until its time has come, then starts', () => {
    const { memory } = restartDelay.decide({ ...calm, nowMs: 0, failed: true }, restartDelay.begin());
    expect(restartDelay.decide({ ...calm, nowMs: 499 }, memory).decision).toBe('wait');
    expect(restartDelay.decide({ ...calm, nowMs: 500 }, memory)).toMatchObject({
      decision: 'start',
      memory: { restarts: 1, nextStartAtMs: undefined },
    });
  });

  it('counts replicas that fail together once', () => {
    const first = restartDelay.decide({ ...calm, nowMs: 0, failed: true }, restartDelay.begin()).memory;
    expect(restartDelay.decide({ ...calm, nowMs: 100, failed: true }, first).memory).toEqual(first);
  });

  it('forgives after a minute in which all were ready, not before', () => {
    const memory = { restarts: 5, nextStartAtMs: undefined };
    const restartsAfter = (steadyMs: number) =>
      restartDelay.decide({ ...calm, nowMs: 0, steadyMs }, memory).memory.restarts;
    expect([restartsAfter(59_999), restartsAfter(60_000)]).toEqual([5, 0]);
  });
});
