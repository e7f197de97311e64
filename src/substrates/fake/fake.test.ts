import { describe, expect, it } from 'vitest';
import type { LaunchPlan } from '#contracts';
import { substrateConformance } from '../../../test/conformance/substrate.ts';
import { systemClock } from '../../../test/conformance/system-clock.ts';
import { createFakeMachine, createFakeSubstrate, type Fate } from './index.ts';

const obedient: LaunchPlan = { kind: 'process', entry: 'file:///fake', args: [], env: {} };
const stubborn: LaunchPlan = { ...obedient, args: ['stubborn'] };

substrateConformance('fake', async () => {
  const machine = createFakeMachine(systemClock);
  const lines = ['one', 'two', 'three', 'four'];
  let nextFate: Fate = {};
  return {
    open: () => createFakeSubstrate({ clock: systemClock, machine, fate: () => nextFate }),
    plan: (manner) => {
      nextFate = { lines, ignoreStop: manner === 'stubborn' };
      return manner === 'stubborn' ? stubborn : obedient;
    },
    settled: () => Promise.resolve(),
    kill: async ({ replica }) => machine.kill(replica),
    isAlive: async (handle) =>
      machine.list().some((one) => one.handle.identity['number'] === handle.identity['number']),
    impostor: (handle) => ({ ...handle, identity: { number: -1 } }),
    close: () => Promise.resolve(),
  };
});

/** Time that passes only when told to. */
function handClock() {
  let nowMs = 0;
  const timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();
  return {
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      setTimer: (delayMs: number, callback: () => void) => {
        const timer = { atMs: nowMs + delayMs, callback };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    pass: async (ms: number) => {
      nowMs += ms;
      for (const timer of timers) {
        if (timer.atMs > nowMs) continue;
        timers.delete(timer);
        timer.callback();
      }
      await Promise.resolve();
    },
  };
}

describe('a fake substrate follows its script', () => {
  const willing = new AbortController().signal;

  it('refuses the first two starts', async () => {
    const { clock } = handClock();
    const substrate = createFakeSubstrate({
      clock,
      fate: (_, start) => (start <= 2 ? { refuse: 'no room' } : {}),
    });
    const results = [];
    for (const replica of ['a', 'b', 'c']) results.push(await substrate.start(replica, obedient, willing));
    expect(results.map(({ ok }) => ok)).toEqual([false, false, true]);
    expect(results[0]).toMatchObject({ problem: { message: 'no room' } });
  });

  it('lets a replica die at the 10th second of virtual time', async () => {
    const { clock, pass } = handClock();
    const substrate = createFakeSubstrate({
      clock,
      fate: () => ({ exitAfterMs: 10_000, exitReason: 'killed by SIGSEGV' }),
    });
    const exits: unknown[] = [];
    substrate.onExit((exit) => exits.push(exit));
    await substrate.start('a', obedient, willing);
    await pass(9999);
    expect(exits).toEqual([]);
    await pass(1);
    expect(exits).toEqual([{ replica: 'a', reason: 'killed by SIGSEGV' }]);
  });

  it('takes its time to start and to stop, and cannot be adopted', async () => {
    const { clock, pass } = handClock();
    const machine = createFakeMachine(clock);
    const substrate = createFakeSubstrate({
      clock,
      machine,
      fate: () => ({ startMs: 500, stopMs: 2000, adoptable: false }),
    });
    const starting = substrate.start('a', obedient, willing);
    expect(await substrate.running()).toEqual([]);
    await pass(500);
    const started = await starting;
    expect(started.ok).toBe(true);
    const [handle] = await substrate.running();
    if (handle === undefined) throw new Error('it should run');
    expect(await createFakeSubstrate({ clock, machine }).adopt(handle)).toBe(false);
    const stopping = substrate.stop(handle, { graceMs: 5000 });
    await pass(1999);
    expect(await substrate.running()).toHaveLength(1);
    await pass(1);
    await stopping;
    expect(await substrate.running()).toEqual([]);
  });
});
