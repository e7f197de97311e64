import { describe, expect, it } from 'vitest';
import { problem, ProblemError } from '#schema';
import type { Store } from '#contracts';
import { createControlWorld, deploymentOf, idle } from '../../test/world/control-world.ts';

const leave = { replicas: 'leave', graceMs: 0 } as const;

describe('a deployment', () => {
  it('is started, found ready, and left alone', async () => {
    const world = createControlWorld();
    world.script = (_, ageMs) =>
      ageMs < 3000
        ? { state: 'loading', loadedFraction: ageMs / 3000, progress: 0, active: 0, queued: 0 }
        : idle;
    const control = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 2 } }));
    await world.clock.advance(1500);
    const [half] = await world.replicas('loading');
    expect(half?.status?.loadedFraction).toBeGreaterThan(0.2);
    expect(half?.status?.remainingMs).toBeGreaterThan(500);
    await world.clock.advance(3000);
    expect((await world.deployment('chat')).status).toMatchObject({
      replicas: 2,
      readyReplicas: 2,
      restarts: 0,
    });
    const [one] = await world.replicas('ready');
    expect(one?.status).toMatchObject({ concurrency: 4, endpoint: expect.stringContaining('http') });
    const before = await world.store.version();
    await world.clock.advance(300_000);
    expect(await world.store.version()).toBe(before);
    await control.stop(leave);
  });

  it('has its number changed: up starts more, down drains the youngest', async () => {
    const world = createControlWorld();
    const control = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 1 } }));
    await world.clock.advance(2000);
    const [oldest] = await world.replicas('ready');
    await world.put(deploymentOf('chat', { replicas: { min: 3 } }));
    await world.clock.advance(2000);
    expect(await world.replicas('ready')).toHaveLength(3);
    await world.put(deploymentOf('chat', { replicas: { min: 1 } }));
    await world.clock.advance(500);
    expect(await world.replicas('draining')).toHaveLength(2);
    await world.clock.advance(10_000);
    const left = await world.replicas();
    expect(left.map(({ metadata }) => metadata.name)).toEqual([oldest?.metadata.name]);
    expect(world.machine.list()).toHaveLength(1);
    await control.stop(leave);
  });

  it('replaces a replica that dies, with growing delays while it keeps dying', async () => {
    const world = createControlWorld();
    const starts: number[] = [];
    world.fate = () => {
      starts.push(world.clock.nowMs());
      return { exitAfterMs: 100, exitReason: 'exit code 7: out of luck' };
    };
    const control = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(40_000);
    const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(4);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    const { status } = await world.deployment('chat');
    expect(status).toMatchObject({
      restarts: starts.length,
      message: 'Last failure: exit code 7: out of luck',
    });
    expect(Date.parse(status?.nextStartAt ?? '')).toBeGreaterThan(world.clock.nowMs());
    world.fate = () => ({});
    await world.clock.advance(61_000);
    expect((await world.deployment('chat')).status?.readyReplicas).toBe(1);
    await world.clock.advance(61_000);
    expect((await world.deployment('chat')).status).toMatchObject({ restarts: 0 });
    expect((await world.deployment('chat')).status?.message).toBeUndefined();
    await control.stop(leave);
  });

  it('waits longer and longer before it loads again what cannot be loaded', async () => {
    const world = createControlWorld();
    const starts: number[] = [];
    world.fate = () => {
      starts.push(world.clock.nowMs());
      return {};
    };
    world.script = () => ({ ...idle, state: 'failed', message: 'the file is truncated' });
    const control = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(60_000);
    const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(4);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThan(10_000);
    expect((await world.deployment('chat')).status?.message).toBe('Last failure: the file is truncated');
    await control.stop(leave);
  });

  it('replaces a replica that has work and stands still, but not an idle one', async () => {
    const world = createControlWorld();
    const control = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(60_000);
    const [before] = await world.replicas('ready');
    const name = before?.metadata.name ?? '';
    world.script = (replica) => (replica === name ? { ...idle, progress: 5, active: 1 } : idle);
    await world.clock.advance(14_000);
    expect(world.machine.list().map(({ handle }) => handle.replica)).toEqual([name]);
    await world.clock.advance(6000);
    const [after] = await world.replicas('ready');
    expect(after?.metadata.name).not.toBe(name);
    expect(world.machine.list()).toHaveLength(1);
    expect((await world.deployment('chat')).status?.message).toMatch(/made no progress for 15000 ms/);
    await control.stop(leave);
  });

  it('replaces a replica that no longer answers', async () => {
    const world = createControlWorld();
    const control = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(2000);
    const name = (await world.replicas('ready'))[0]?.metadata.name;
    world.script = (replica) => (replica === name ? 'silent' : idle);
    await world.clock.advance(30_000);
    const [after] = await world.replicas('ready');
    expect(after?.metadata.name).not.toBe(name);
    await control.stop(leave);
  });

  it('gives up on a replica that does not load in time', async () => {
    const world = createControlWorld();
    world.script = () => ({ ...idle, state: 'loading' });
    const control = await world.control();
    await world.put(deploymentOf('chat', { limits: { loadMs: 5000 } }));
    await world.clock.advance(5500);
    expect((await world.deployment('chat')).status).toMatchObject({
      restarts: 1,
      message: expect.stringContaining('not loaded within 5000 ms'),
    });
    await control.stop(leave);
  });

  it('lets a replica finish its work before it stops it', async () => {
    const world = createControlWorld();
    let working = true;
    world.script = () => ({ ...idle, progress: world.clock.nowMs(), active: working ? 1 : 0 });
    const control = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(2000);
    await world.put(deploymentOf('chat', { replicas: { min: 0 } }));
    await world.clock.advance(20_000);
    expect(await world.replicas('draining')).toHaveLength(1);
    expect(world.machine.list()).toHaveLength(1);
    working = false;
    await world.clock.advance(5000);
    expect(await world.replicas()).toEqual([]);
    expect(world.machine.list()).toEqual([]);
    await control.stop(leave);
  });

  it('does not wait for work longer than it is told to', async () => {
    const world = createControlWorld();
    world.script = () => ({ ...idle, progress: world.clock.nowMs(), active: 1 });
    const control = await world.control();
    await world.put(deploymentOf('chat', { limits: { drainMs: 8000 } }));
    await world.clock.advance(2000);
    await world.remove('Deployment', 'chat');
    await world.clock.advance(8000);
    expect(await world.replicas('draining')).toHaveLength(1);
    // Of a deleted deployment the default is left: 30 s.
    await world.clock.advance(30_000);
    expect(world.machine.list()).toEqual([]);
    await control.stop(leave);
  });

  it('swaps versions without ever having fewer ready than wanted', async () => {
    const world = createControlWorld();
    world.script = (_, ageMs) => (ageMs < 2000 ? { ...idle, state: 'loading' } : idle);
    const control = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 2 } }));
    await world.clock.advance(5000);
    const readyCounts: number[] = [];
    await world.store.watch('', () => {
      void world.replicas('ready').then((ready) => readyCounts.push(ready.length));
    });
    await world.put(deploymentOf('chat', { version: '2', replicas: { min: 2 } }));
    await world.clock.advance(40_000);
    const left = await world.replicas();
    expect(left.map(({ spec, status }) => [spec.version, status?.state])).toEqual([
      ['2', 'ready'],
      ['2', 'ready'],
    ]);
    expect(Math.min(...readyCounts)).toBe(2);
    await control.stop(leave);
  });

  it('keeps the old version while the new one does not come up', async () => {
    const world = createControlWorld();
    const control = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(3000);
    world.fate = () => ({ refuse: 'no such file' });
    await world.put(deploymentOf('chat', { version: '2' }));
    await world.clock.advance(60_000);
    expect((await world.replicas('ready')).map(({ spec }) => spec.version)).toEqual(['1']);
    expect((await world.deployment('chat')).status?.message).toBe('Last failure: no such file');
    await control.stop(leave);
  });

  it('says what it waits for, and starts when that has come', async () => {
    const world = createControlWorld();
    const control = await world.control();
    await world.put(deploymentOf('chat', { engine: { name: 'unheard-of' } }));
    await world.clock.advance(1000);
    expect((await world.deployment('chat')).status?.message).toMatch(/no engine "unheard-of".*scripted/);
    await world.put(deploymentOf('chat'));
    await world.clock.advance(1000);
    expect((await world.deployment('chat')).status).toMatchObject({ readyReplicas: 1 });
    await control.stop(leave);
  });

  it('is not disturbed by a poisoned neighbour', async () => {
    const world = createControlWorld({
      wrapStore: (store) => ({
        ...store,
        get: async (kind, name) => {
          if (name === 'poison') throw new Error('this row cannot be read');
          return store.get(kind, name);
        },
      }),
    });
    const control = await world.control();
    await world.put(deploymentOf('poison'));
    await world.put(deploymentOf('sound'));
    await world.clock.advance(120_000);
    expect((await world.deployment('sound')).status).toMatchObject({ readyReplicas: 1 });
    const faults = world.logged.filter(({ event }) => event === 'reconcile-failed');
    expect(faults.length).toBeGreaterThan(3);
    expect(faults.length).toBeLessThan(20);
    await control.stop(leave);
  });
});

describe('a restart of the control plane', () => {
  it('adopts what runs and loses nothing', async () => {
    const world = createControlWorld();
    const first = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 2 } }));
    await world.clock.advance(2000);
    const before = await world.replicas('ready');
    await first.stop(leave);
    const storedBefore = world.history.length;
    const second = await world.control();
    await world.clock.advance(60_000);
    expect(await world.replicas('ready')).toEqual(before);
    expect(world.history.slice(storedBefore)).toEqual([]);
    expect(world.machine.list()).toHaveLength(2);
    world.machine.kill(before[0]?.metadata.name ?? '');
    await world.clock.advance(3000);
    expect(await world.replicas('ready')).toHaveLength(2);
    await second.stop(leave);
  });

  it('replaces what has died meanwhile and keeps counting', async () => {
    const world = createControlWorld();
    const first = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 2 } }));
    await world.clock.advance(2000);
    await first.stop(leave);
    const [lost, kept] = await world.replicas('ready');
    world.machine.kill(lost?.metadata.name ?? '');
    const second = await world.control();
    await world.clock.advance(10_000);
    const names = (await world.replicas('ready')).map(({ metadata }) => metadata.name);
    expect(names).toHaveLength(2);
    expect(names).toContain(kept?.metadata.name);
    expect((await world.deployment('chat')).status).toMatchObject({ restarts: 1, readyReplicas: 2 });
    await second.stop(leave);
  });

  it('finds a process whose start was not written down any more', async () => {
    const world = createControlWorld();
    const first = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(2000);
    await first.stop(leave);
    const [replica] = await world.replicas();
    if (replica === undefined) throw new Error('one should run');
    const { name } = replica.metadata;
    await world.put({ ...replica, status: { state: 'starting', since: replica.status?.since ?? '' } });
    const second = await world.control();
    await world.clock.advance(2000);
    expect((await world.replicas('ready')).map(({ metadata }) => metadata.name)).toEqual([name]);
    expect(world.machine.list()).toHaveLength(1);
    await second.stop(leave);
  });

  it('ends what runs without a record', async () => {
    const world = createControlWorld();
    const first = await world.control();
    await world.put(deploymentOf('chat'));
    await world.clock.advance(2000);
    await first.stop(leave);
    const [replica] = await world.replicas();
    await world.remove('Replica', replica?.metadata.name ?? '');
    await world.remove('Deployment', 'chat');
    const second = await world.control();
    await world.clock.advance(1000);
    expect(world.machine.list()).toEqual([]);
    await second.stop(leave);
  });

  it('leaves nothing behind when it is to stop the replicas', async () => {
    const world = createControlWorld();
    world.fate = () => ({ stopMs: 2000 });
    const control = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 3 } }));
    await world.clock.advance(2000);
    const stopping = control.stop({ replicas: 'stop', graceMs: 5000 });
    await world.clock.advance(3000);
    await stopping;
    expect(world.machine.list()).toEqual([]);
    expect(await world.replicas()).toEqual([]);
    const next = await world.control();
    await world.clock.advance(3000);
    expect((await world.deployment('chat')).status).toMatchObject({ restarts: 0, readyReplicas: 3 });
    await next.stop(leave);
  });

  it('leaves nothing running either when the store cannot be reached any more', async () => {
    let away = false;
    const wrapStore = (store: Store): Store => ({
      ...store,
      list: async (kind) =>
        away ? Promise.reject(new ProblemError(problem('store_unreachable'))) : store.list(kind),
    });
    const world = createControlWorld({ wrapStore });
    const control = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 3 } }));
    await world.clock.advance(2000);
    expect(world.machine.list()).toHaveLength(3);
    away = true;
    const stopping = control.stop({ replicas: 'stop', graceMs: 5000 });
    await world.clock.advance(3000);
    await stopping;
    expect(world.machine.list()).toEqual([]);
    away = false;
    const next = await world.control();
    await world.clock.advance(5000);
    expect((await world.deployment('chat')).status).toMatchObject({ readyReplicas: 3 });
    await next.stop(leave);
  });
});
