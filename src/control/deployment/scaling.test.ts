import { describe, expect, it } from 'vitest';
import type { LoadReading, SignsOfLife } from '#contracts';
import {
  createControlWorld,
  deploymentOf,
  idle,
  type ControlWorld,
  type RunningControl,
} from '../../../test/world/control-world.ts';
import { noLoad } from '../../../test/world/no-load.ts';

function loading(loadedFraction: number): SignsOfLife {
  return { ...idle, state: 'loading', loadedFraction };
}

/** So many replicas' worth of work comes, in every ten seconds from now on. */
function work(world: ControlWorld, replicas: number, change: Partial<LoadReading> = {}): void {
  const before = world.loads.get('chat') ?? noLoad;
  const ms = replicas * before.places * 10_000;
  const occupied = { inside: Math.round(replicas * before.places) };
  world.loads.set('chat', {
    ...before,
    ...occupied,
    arrivedWorkMs: before.arrivedWorkMs + ms,
    takenMs: before.takenMs + ms,
    ...change,
  });
}

async function pass(world: ControlWorld, looks: number, replicas: number | undefined): Promise<void> {
  for (let look = 0; look < looks; look++) {
    if (replicas !== undefined) work(world, replicas);
    await world.clock.advance(10_000);
  }
}

const hpa = { policy: 'hpa', scaleDownMs: 60_000, everyMs: 10_000 };

interface Begun extends ControlWorld {
  readonly first: RunningControl;
}

async function begin(scaling: object, replicas: object): Promise<Begun> {
  const world = createControlWorld();
  world.loads.set('chat', noLoad);
  await world.put(deploymentOf('chat', { scaling, replicas, limits: { drainMs: 0 } }));
  const first = await world.control();
  await world.clock.advance(2000);
  return Object.assign(world, { first });
}

const readyCount = async (world: ControlWorld): Promise<number> => (await world.replicas('ready')).length;

describe('a deployment that scales', () => {
  it('follows the load up and down, within its bounds, and says why', async () => {
    const world = await begin(hpa, { min: 1, max: 4 });
    expect(await readyCount(world)).toBe(1);
    await pass(world, 4, 2);
    expect(await readyCount(world)).toBe(3);
    expect((await world.deployment('chat')).status?.scaling).toMatchObject({ replicas: 3, policy: 'hpa' });
    await pass(world, 4, 20);
    expect(await readyCount(world)).toBe(4);
    expect((await world.deployment('chat')).status?.scaling?.reason).toBe('at-maximum');
    await pass(world, 12, 0.1);
    expect(await readyCount(world)).toBe(1);
  });

  it('holds what there is when nothing can be measured', async () => {
    const world = await begin(hpa, { min: 1, max: 4 });
    await pass(world, 4, 2);
    expect(await readyCount(world)).toBe(3);
    world.loads.delete('chat');
    await pass(world, 60, undefined);
    expect(await readyCount(world)).toBe(3);
    expect((await world.deployment('chat')).status?.scaling?.reason).toBe('no-measurements');
  });

  it('goes to zero when nobody asks, and a request that waits wakes one replica at once', async () => {
    const world = await begin({ ...hpa, toZeroAfterMs: 30_000 }, { min: 0, max: 4 });
    expect(await readyCount(world)).toBe(0);
    const waits = { ...noLoad, inside: 5, waiting: 5, waitingWorkMs: 1000 };
    world.loads.set('chat', waits);
    for (let request = 0; request < 5; request++) world.starve('chat');
    await world.clock.advance(3000);
    expect(await readyCount(world)).toBe(1);
    // A start that was seen is known from then on, also when no replica is left.
    expect((await world.deployment('chat')).status?.coldStartMs).toBeGreaterThanOrEqual(0);
    world.loads.set('chat', noLoad);
    await pass(world, 14, undefined);
    expect(await world.replicas()).toEqual([]);
    expect((await world.deployment('chat')).status).toMatchObject({
      scaling: { replicas: 0, reason: 'idle' },
    });
    expect((await world.deployment('chat')).status?.coldStartMs).toBeDefined();
  });

  it('loads to its end for those who were told to come again, but does not try for ever', async () => {
    const world = await begin({ ...hpa, toZeroAfterMs: 30_000 }, { min: 0, max: 4 });
    world.script = (_, ageMs) => (ageMs < 100_000 ? loading(ageMs / 100_000) : idle);
    const ask = async (): Promise<void> => {
      world.loads.set('chat', { ...noLoad, inside: 1, waiting: 1 });
      world.starve('chat');
      await world.clock.advance(3000);
      world.loads.set('chat', noLoad);
    };
    await ask();
    await pass(world, 9, undefined);
    expect(await world.replicas('loading')).toHaveLength(1);
    await pass(world, 2, undefined);
    expect(await readyCount(world)).toBe(1);
    await pass(world, 5, undefined);
    expect(await world.replicas()).toEqual([]);
    world.script = () => loading(0);
    world.fate = () => ({ exitAfterMs: 5000, exitReason: 'it cannot' });
    await ask();
    await pass(world, 12, undefined);
    expect(await world.replicas()).toEqual([]);
    expect((await world.deployment('chat')).status?.scaling?.replicas).toBe(0);
  });

  it('goes on with what was decided before when the control plane starts again', async () => {
    const world = await begin(hpa, { min: 1, max: 4 });
    await pass(world, 4, 2);
    expect(await readyCount(world)).toBe(3);
    await world.first.stop({ replicas: 'leave', graceMs: 0 });
    await world.control();
    await world.clock.advance(5000);
    expect(await readyCount(world)).toBe(3);
  });

  it('keeps what runs when it begins to scale, though it may go to zero', async () => {
    const world = createControlWorld();
    await world.put(deploymentOf('chat', { replicas: { min: 3 }, limits: { drainMs: 0 } }));
    await world.control();
    await world.clock.advance(2000);
    expect(await readyCount(world)).toBe(3);
    const scaled = deploymentOf('chat', {
      scaling: hpa,
      replicas: { min: 0, max: 5 },
      limits: { drainMs: 0 },
    });
    const { metadata, status } = await world.deployment('chat');
    await world.put({ ...scaled, metadata, status });
    await pass(world, 12, undefined);
    expect(await readyCount(world)).toBe(3);
    expect((await world.deployment('chat')).status?.scaling?.reason).toBe('no-measurements');
  });

  it('is within other bounds at once, and forgets nothing of what it has seen', async () => {
    const shadow = { policy: 'learned' };
    const world = await begin({ ...hpa, shadow }, { min: 1, max: 4 });
    await pass(world, 6, 2);
    expect(await readyCount(world)).toBe(3);
    const rebound = async (replicas: object): Promise<void> => {
      const { metadata, spec, status } = await world.deployment('chat');
      await world.put({ ...deploymentOf('chat', { ...spec, replicas }), metadata, status });
      await world.clock.advance(1000);
    };
    await pass(world, 4, 0.1);
    await rebound({ min: 1, max: 2 });
    expect((await world.deployment('chat')).status?.scaling).toMatchObject({
      replicas: 2,
      reason: 'at-maximum',
      facts: { unbounded: 3 },
    });
    expect(await readyCount(world)).toBe(2);
    await pass(world, 3, 0.1);
    expect(await readyCount(world)).toBe(1);
    await rebound({ min: 3, max: 9 });
    expect((await world.deployment('chat')).status?.scaling?.reason).toBe('at-minimum');
    expect(await readyCount(world)).toBe(3);
    await pass(world, 7, 0.1);
    const { facts } = (await world.deployment('chat')).status?.scaling ?? {};
    expect(facts?.['watchedMs']).toBeGreaterThanOrEqual(140_000);
  });

  it('tells at once when a policy in shadow changes its mind', async () => {
    const shadow = { policy: 'band' };
    const world = await begin({ ...hpa, target: 0.8, shadow }, { min: 1, max: 9 });
    await pass(world, 3, 0.8);
    const before = (await world.deployment('chat')).status?.scaling;
    expect(before).toMatchObject({ replicas: 1, shadow: { replicas: 1 } });
    work(world, 0.87, { inside: 4 });
    await world.clock.advance(11_000);
    const after = (await world.deployment('chat')).status?.scaling;
    expect(after).toMatchObject({ replicas: 1, reason: before?.reason, shadow: { replicas: 2 } });
  });

  it('notes what a policy in shadow would have, and follows it where it has shown a gain', async () => {
    const shadow = { policy: 'predictive', takesOver: true, trialMs: 120_000, gain: 0.05 };
    const world = await begin({ ...hpa, target: 0.3, shadow }, { min: 1, max: 9 });
    await pass(world, 6, 2);
    const early = (await world.deployment('chat')).status?.scaling;
    expect(early).toMatchObject({ policy: 'hpa', shadow: { policy: 'predictive', leads: false } });
    await pass(world, 60, 2);
    const late = (await world.deployment('chat')).status?.scaling;
    expect(late).toMatchObject({ reason: 'shadow-leads', shadow: { leads: true } });
    expect(await readyCount(world)).toBe(late?.shadow?.replicas);
    expect(late?.facts?.['withoutShadow']).toBeGreaterThan(late?.replicas ?? Infinity);
  });

  it('does as a plain one when scaling is taken away', async () => {
    const world = await begin(hpa, { min: 1, max: 4 });
    await pass(world, 4, 2);
    const changed = deploymentOf('chat', { replicas: { min: 2 }, limits: { drainMs: 0 } });
    const before = await world.deployment('chat');
    await world.put({ ...changed, metadata: before.metadata, status: before.status });
    await world.clock.advance(5000);
    expect(await readyCount(world)).toBe(2);
    expect((await world.deployment('chat')).status?.scaling).toBeUndefined();
  });
});
