import { describe, expect, it } from 'vitest';
import { problem, ProblemError } from '#schema';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createLoop, type Again, type Loop } from './loop.ts';

interface Work {
  readonly kind: 'work';
  readonly key: string;
}

/** A loop over keys whose work is written by the test. */
function stage(work: (key: string) => Promise<'done' | 'stale'>, again?: Again) {
  const clock = createVirtualClock();
  const faults: string[] = [];
  const keys = new Set<string>();
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (event: string) => void faults.push(event),
  };
  const loop: Loop = createLoop(
    { clock, rng: createSeededRng(), log },
    {
      name: 'test',
      keys: async () => [...keys],
      observe: async (key) => ({ wanted: key, observed: undefined }),
      reconcile: (key: string): readonly (Work | Again)[] => [
        { kind: 'work', key },
        ...(again === undefined ? [] : [again]),
      ],
      act: async ({ key }) => work(key),
    },
    { concurrencyMax: 3, resyncMs: 10_000 },
  );
  return { clock, faults, keys, loop };
}

describe('the loop', () => {
  it('never works twice on one key, and on no more keys than it may', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const { clock, keys, loop } = stage(async (key) => {
      running.set(key, (running.get(key) ?? 0) + 1);
      most = Math.max(
        most,
        [...running.values()].reduce((a, b) => a + b, 0),
      );
      expect(running.get(key)).toBe(1);
      await new Promise<void>((resolve) => void clock.setTimer(700, resolve));
      running.set(key, 0);
      return 'done';
    });
    for (let n = 0; n < 12; n++) keys.add(`k${n}`);
    loop.start();
    for (let n = 0; n < 40; n++) {
      loop.wake(`k${n % 12}`);
      await clock.advance(100);
    }
    expect(most).toBe(3);
    const stopping = loop.stop();
    await clock.advance(1000);
    await stopping;
  });

  it('looks again after what was missed while it worked', async () => {
    let passes = 0;
    const { clock, loop } = stage(async () => {
      passes += 1;
      await new Promise<void>((resolve) => void clock.setTimer(100, resolve));
      return 'done';
    });
    loop.wake('a');
    await clock.advance(50);
    loop.wake('a');
    await clock.advance(500);
    expect(passes).toBe(2);
    await loop.stop();
  });

  it('tries what fails again with growing delays, whatever it hears of it, and leaves the others alone', async () => {
    let failures = 0;
    let sound = 0;
    const { clock, faults, keys, loop } = stage(
      async (key) => {
        if (key === 'sound') sound += 1;
        else failures += 1;
        if (key !== 'sound') throw new Error('no');
        return 'done';
      },
      { kind: 'again', afterMs: 1000 },
    );
    keys.add('sound').add('broken');
    loop.start();
    await clock.advance(60_000);
    expect(sound).toBeGreaterThan(58);
    expect(failures).toBeLessThan(10);
    expect(faults).toHaveLength(failures);
    const before = failures;
    for (let n = 0; n < 1000; n++) {
      loop.wake('broken');
      await clock.advance(10);
    }
    expect(failures - before).toBeLessThanOrEqual(11);
    await loop.stop();
  });

  it('decides anew when it has lost a race', async () => {
    let tries = 0;
    const { clock, loop, faults } = stage(async () => ((tries += 1) < 4 ? 'stale' : 'done'));
    loop.wake('a');
    await clock.advance(1000);
    expect([tries, faults]).toEqual([4, []]);
    await loop.stop();
  });

  it('does nothing more once it is stopped', async () => {
    let passes = 0;
    const { clock, keys, loop } = stage(
      async () => {
        passes += 1;
        return 'done';
      },
      { kind: 'again', afterMs: 10 },
    );
    keys.add('a');
    loop.start();
    await clock.advance(100);
    await loop.stop();
    const before = passes;
    loop.wake('a');
    await clock.advance(100_000);
    expect(passes).toBe(before);
  });

  it('does not wait for ever for work that does not end', async () => {
    const { clock, loop } = stage(async () => new Promise(() => {}));
    loop.wake('a');
    await clock.advance(100);
    let stopped = false;
    void loop.stop().then(() => (stopped = true));
    await clock.advance(11_000);
    expect(stopped).toBe(true);
  });

  it('asks a store that is away at a steady pace, so that its return is noticed soon', async () => {
    let isAway = true;
    let tries = 0;
    const { clock, keys, loop } = stage(async () => {
      tries += 1;
      if (isAway) throw new ProblemError(problem('store_unreachable'));
      return 'done';
    });
    keys.add('a');
    loop.start();
    await clock.advance(120_000);
    expect(tries).toBeGreaterThan(55);
    isAway = false;
    const before = tries;
    await clock.advance(2000);
    expect(tries).toBeGreaterThan(before);
  });
});
