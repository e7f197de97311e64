import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchPlan, ReplicaExit, ReplicaHandle, Substrate } from '#contracts';

/** A place to run replicas, as a test sees it. */
export interface SubstrateRig {
  /** A substrate over the same place each time, as a restarted platform would make it. */
  open(): Substrate;
  /** A program that ends when asked to, or only when killed. It writes at least three lines. */
  plan(manner: 'obedient' | 'stubborn'): LaunchPlan;
  /** Resolves when the replica is up and has written its lines. */
  settled(handle: ReplicaHandle): Promise<void>;
  /** kill -9. */
  kill(handle: ReplicaHandle): Promise<void>;
  isAlive(handle: ReplicaHandle): Promise<boolean>;
  /** A handle to the same place whose process is another one, started at another time. */
  impostor(handle: ReplicaHandle): ReplicaHandle;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

const willing = new AbortController().signal;
const graceMs = 5000;

function exitsOf(substrate: Substrate): ReplicaExit[] {
  const exits: ReplicaExit[] = [];
  substrate.onExit((exit) => exits.push(exit));
  return exits;
}

/** What every substrate does. `build` makes a fresh place for each test. */
export function substrateConformance(label: string, build: () => Promise<SubstrateRig>): void {
  describe(`substrate ${label}`, () => {
    let rig: SubstrateRig;
    let substrate: Substrate;

    beforeEach(async () => {
      rig = await build();
      substrate = rig.open();
    });
    afterEach(() => rig.close());

    const start = async (replica = 'demo-1', manner: 'obedient' | 'stubborn' = 'obedient') => {
      const started = await substrate.start(replica, rig.plan(manner), willing);
      if (!started.ok) throw new Error(started.problem.message);
      await rig.settled(started.value);
      return started.value;
    };

    it('starts a replica and knows that it runs', async () => {
      const handle = await start();
      expect(handle).toMatchObject({ substrate: substrate.name, replica: 'demo-1' });
      expect(await rig.isAlive(handle)).toBe(true);
      expect(await substrate.running()).toEqual([handle]);
      expect(JSON.parse(JSON.stringify(handle))).toEqual(handle);
    });

    it('refuses to start a replica twice, and leaves the first alone', async () => {
      const handle = await start();
      const again = await substrate.start('demo-1', rig.plan('obedient'), willing);
      expect(again).toMatchObject({ ok: false, problem: { code: 'in_use' } });
      expect(await rig.isAlive(handle)).toBe(true);
    });

    it('starts nothing for a caller who has given up', async () => {
      const caller = new AbortController();
      caller.abort();
      const refused = await substrate.start('demo-1', rig.plan('obedient'), caller.signal);
      expect(refused.ok).toBe(false);
      expect(await substrate.running()).toEqual([]);
    });

    it('finds and adopts after a restart what still runs, and hears of its end', async () => {
      const handle = await start();
      const restarted = rig.open();
      expect(await restarted.running()).toEqual([handle]);
      const exits = exitsOf(restarted);
      expect(await restarted.adopt(handle)).toBe(true);
      expect(await restarted.adopt(handle)).toBe(true);
      await rig.kill(handle);
      await expect.poll(() => exits.length).toBe(1);
      expect(exits[0]).toMatchObject({ replica: 'demo-1', reason: expect.stringMatching(/\w/) });
      expect(await restarted.running()).toEqual([]);
      expect(await restarted.adopt(handle)).toBe(false);
      expect(exits).toHaveLength(1);
    });

    it('tells everyone once, with a reason, when a replica is killed', async () => {
      const handle = await start();
      const other = await start('demo-2');
      substrate.onExit(() => {
        throw new TypeError('a listener with a fault');
      });
      const exits = exitsOf(substrate);
      const deaf: ReplicaExit[] = [];
      const unsubscribe = substrate.onExit((exit) => deaf.push(exit));
      unsubscribe();
      await rig.kill(handle);
      await expect.poll(() => exits.length).toBe(1);
      expect(exits[0]?.reason).toContain('SIGKILL');
      expect(deaf).toEqual([]);
      expect(await substrate.running()).toEqual([other]);
    });

    it('starts a replica again under the name of one that died', async () => {
      const handle = await start();
      const exits = exitsOf(substrate);
      await rig.kill(handle);
      await expect.poll(() => exits.length).toBe(1);
      const next = await start();
      expect(next.identity).not.toEqual(handle.identity);
      await substrate.stop(handle, { graceMs: 0 });
      expect(await rig.isAlive(next)).toBe(true);
    });

    it('stops without calling it an exit, as often as it is asked to', async () => {
      const handle = await start();
      const exits = exitsOf(substrate);
      await Promise.all([substrate.stop(handle, { graceMs }), substrate.stop(handle, { graceMs })]);
      expect(await rig.isAlive(handle)).toBe(false);
      await substrate.stop(handle, { graceMs });
      expect(await substrate.running()).toEqual([]);
      expect(exits).toEqual([]);
    });

    it('stops what an earlier platform has started, unadopted', async () => {
      const handle = await start();
      const restarted = rig.open();
      await restarted.stop(handle, { graceMs });
      expect(await rig.isAlive(handle)).toBe(false);
    });

    it('kills what does not want to end', async () => {
      const patient = await start('demo-1', 'stubborn');
      await substrate.stop(patient, { graceMs: 100 });
      expect(await rig.isAlive(patient)).toBe(false);
      const atOnce = await start('demo-2', 'stubborn');
      await substrate.stop(atOnce, { graceMs: 0 });
      expect(await rig.isAlive(atOnce)).toBe(false);
    });

    it('neither adopts nor harms a stranger in the place of a replica', async () => {
      const handle = await start();
      const stranger = rig.impostor(handle);
      expect(await rig.open().adopt(stranger)).toBe(false);
      await substrate.stop(stranger, { graceMs: 0 });
      expect(await rig.isAlive(handle)).toBe(true);
      expect(await rig.open().running()).toEqual([handle]);
    });

    it('does not adopt what belongs to another substrate', async () => {
      const handle = await start();
      expect(await rig.open().adopt({ ...handle, substrate: 'elsewhere' })).toBe(false);
    });

    it('shows the last lines, oldest first', async () => {
      const handle = await start();
      const lines = await substrate.logs(handle.replica, 100);
      expect(lines.length).toBeGreaterThanOrEqual(3);
      expect(await substrate.logs(handle.replica, 2)).toEqual(lines.slice(-2));
      expect(await substrate.logs('demo-none', 10)).toEqual([]);
      expect(await substrate.logs(handle.replica, 0)).toEqual([]);
    });

    it('takes an endpoint that already runs as it is', async () => {
      const plan: LaunchPlan = { kind: 'endpoint', url: 'http://127.0.0.1:9/base' };
      const started = await substrate.start('far-1', plan, willing);
      expect(started).toMatchObject({ ok: true, value: { endpoint: 'http://127.0.0.1:9/base' } });
      if (!started.ok) return;
      expect(await substrate.running()).toEqual([started.value]);
      expect(await rig.open().adopt(started.value)).toBe(true);
      await substrate.stop(started.value, { graceMs });
      expect(await substrate.running()).toEqual([]);
    });
  });
}
