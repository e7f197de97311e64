import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { clusterOfEachTest } from './cluster-scene.ts';
import { keyOf, type Part } from './cluster.ts';
import { call, eventually, repository, type Json, type RunningPlatform } from './platform.ts';
import { applyFake } from './scene.ts';

const cluster = clusterOfEachTest();
const { start } = cluster;

/** A gateway as the other tests' helpers take it. */
function at(part: Part): RunningPlatform {
  return { ...part, key: keyOf(cluster.root()) };
}

async function replicas(gateway: Part, deployment: string): Promise<Json[]> {
  const { body } = await call(at(gateway), 'GET /api/v1/replicas');
  return body.items.filter((one: Json) => one.spec.deployment === deployment);
}

/** As many replicas as are wanted are ready, and none of them on the nodes that are named. */
function readyOn(
  gateway: Part,
  deployment: string,
  wanted: { count: number; notOn?: string },
): Promise<Json[]> {
  return eventually(async () => {
    const ready = (await replicas(gateway, deployment)).filter((one) => one.status?.state === 'ready');
    const good = ready.filter((one) => one.spec.node !== wanted.notOn);
    return good.length === wanted.count && ready.length === wanted.count ? good : undefined;
  }, `${wanted.count} ready replicas of ${deployment}`);
}

/** Waits until this control has heard of the nodes. */
function heardOf(control: string, nodes: string): Promise<boolean> {
  const path = join(cluster.root(), control, 'logs', 'millrace.log');
  return eventually(async () => {
    const lines = readFileSync(path, 'utf8').split('\n');
    const last = lines.findLast((line) => line.includes('"nodes-changed"'));
    return last?.includes(`"${nodes}"`) === true;
  }, `${control} to hear of ${nodes}`);
}

function names(resources: readonly Json[]): ReadonlySet<string> {
  return new Set(resources.map((each) => each.metadata.name));
}

function clientOf(gateway: Part): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: keyOf(cluster.root()), maxRetries: 0 });
}

async function answers(gateway: Part, model: string): Promise<string> {
  const messages = [{ role: 'user' as const, content: 'hello' }];
  const answer = await clientOf(gateway).chat.completions.create({ model, messages });
  return answer.choices[0]?.message.content ?? '';
}

async function submit(gateway: Part, model: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const body = { messages: [{ role: 'user', content: `number ${nth}` }] };
    const asked = await call(at(gateway), 'POST /v1/tasks', { model, body });
    if (asked.status === 202) ids.push(asked.body.task_id);
  }
  return ids;
}

async function allSucceed(gateway: Part, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    await eventually(async () => {
      const { status, body } = await call(at(gateway), `GET /v1/tasks/${id}`);
      return status === 200 && body.status === 'succeeded';
    }, `the end of ${id}`);
}

describe('several processes over one PostgreSQL', () => {
  it('serve as one, and whichever is killed, the others go on', { timeout: 240_000 }, async () => {
    const one = await start('gateway', 'gate-1');
    const two = await start('gateway', 'gate-2');
    const control = await start('control', 'control-1');
    await start('worker', 'work-1');
    await start('worker', 'work-2');
    await heardOf('control-1', 'work-1, work-2');
    await applyFake(at(one), 'chat', {
      replicas: { min: 2 },
      engine: { name: 'fake', options: { text: 'here' } },
    });
    const ready = await readyOn(two, 'chat', { count: 2 });
    expect(new Set(ready.map((each) => each.spec.node))).toEqual(new Set(['work-1', 'work-2']));
    for (const gateway of [one, two]) expect(await answers(gateway, 'chat')).toBe('here');
    const { members } = (await call(at(one), 'GET /api/v1/status')).body;
    expect(members.map((each: Json) => each.name)).toEqual([
      'control-1',
      'gate-1',
      'gate-2',
      'work-1',
      'work-2',
    ]);

    // A worker dies: its tasks go to the other, its replica is started there.
    const tasks = await submit(one, 'chat', 30);
    await cluster
      .parts()
      .find(({ node }) => node === 'work-1')
      ?.kill();
    for (let nth = 0; nth < 10; nth += 1) expect(await answers(two, 'chat')).toBe('here');
    await readyOn(two, 'chat', { count: 2, notOn: 'work-1' });
    await allSucceed(two, tasks);

    // Control dies: nobody notices, and another takes over.
    await control.kill();
    expect(await answers(one, 'chat')).toBe('here');
    await start('control', 'control-2');
    await call(at(one), 'PATCH /api/v1/deployments/chat', { spec: { replicas: { min: 3 } } });
    await readyOn(one, 'chat', { count: 3 });

    // A worker comes back: its name is its own, what it had left behind is ended, and it takes replicas again.
    await start('worker', 'work-1');
    await heardOf('control-2', 'work-1, work-2');
    await call(at(one), 'PATCH /api/v1/deployments/chat', { spec: { replicas: { min: 5 } } });
    const five = await readyOn(one, 'chat', { count: 5 });
    expect(new Set(five.map((each) => each.spec.node))).toEqual(new Set(['work-1', 'work-2']));

    // A gateway dies: the other answers, also for what the first took in.
    const later = await submit(one, 'chat', 20);
    await one.kill();
    expect(await answers(two, 'chat')).toBe('here');
    await allSucceed(two, later);

    // The database dies: what is known is served on, and it goes on when the database is back.
    // For longer than the lease: nobody is given up for it.
    await cluster.postgres().crash();
    for (let second = 0; second < 5; second += 1) {
      expect(await answers(two, 'chat')).toBe('here');
      await delay(1000);
    }
    await cluster.postgres().start();
    const after = await eventually(async () => {
      const ids = await submit(two, 'chat', 1).catch(() => []);
      return ids.length === 1 ? ids : undefined;
    }, 'the database to be used again');
    await allSucceed(two, after);
    expect(names(await replicas(two, 'chat'))).toEqual(names(five));
  });

  it('know at once what was written through another gateway', { timeout: 60_000 }, async () => {
    const one = await start('gateway', 'gate-1');
    const two = await start('gateway', 'gate-2');
    const seen: number[] = [];
    for (let nth = 0; nth < 30; nth += 1) {
      const made = await call(at(one), `PUT /api/v1/keys/key-${nth}`, {
        kind: 'Key',
        metadata: { name: `key-${nth}` },
        spec: { scopes: ['infer'] },
      });
      await applyFake(at(one), `chat-${nth}`);
      const own = { ...at(two), key: made.body.secret };
      seen.push((await call(own, 'POST /v1/tasks', { model: `chat-${nth}`, body: { messages: [] } })).status);
      await applyFake(at(two), `late-${nth}`);
      seen.push((await call(at(one), `GET /v1/models/late-${nth}`)).status);
    }
    expect(new Set(seen)).toEqual(new Set([202, 200]));
    // What nobody has written is refused as ever.
    expect(await call(at(one), 'GET /v1/models/nothing')).toMatchObject({ status: 404 });
    expect(await call({ ...at(two), key: 'mr_nobody' }, 'GET /v1/models')).toMatchObject({ status: 401 });
  });

  it('scale by what all gateways see, from nothing and back', { timeout: 240_000 }, async () => {
    const one = await start('gateway', 'gate-1');
    const two = await start('gateway', 'gate-2');
    await start('control', 'control-1');
    await start('worker', 'work-1');
    const version = { model: 'tiny', version: '1' };
    const source = `file:${repository}models/demo/demo-q8_0.gguf`;
    const spec = {
      ...version,
      engine: { name: 'llama', options: { sequences: 2 } },
      replicas: { min: 0, max: 2 },
      scaling: { policy: 'kpa', everyMs: 500, toZeroAfterMs: 3000 },
      limits: { holdMs: 120_000 },
    };
    const resources = [
      { kind: 'Model', metadata: { name: 'tiny' }, spec: { task: 'chat' } },
      { kind: 'ModelVersion', metadata: { name: 'tiny.1' }, spec: { ...version, source } },
      { kind: 'Deployment', metadata: { name: 'tiny' }, spec },
    ];
    expect((await call(at(one), 'POST /api/v1/apply', { resources })).status).toBe(200);
    await eventually(async () => {
      const { body } = await call(at(one), 'GET /api/v1/modelversions/tiny.1');
      return body.status?.state === 'ready';
    }, 'the model version');
    expect(await replicas(one, 'tiny')).toEqual([]);

    // A request that no replica can take is held by its gateway, and control hears of it.
    expect(await answers(two, 'tiny')).not.toBe('');

    // Each gateway alone sees half of the load.
    const load = { isOver: false };
    const clients = [one, two, one, two, one, two, one, two].map(async (gateway) => {
      while (!load.isOver) await answers(gateway, 'tiny');
    });
    await readyOn(one, 'tiny', { count: 2 });
    load.isOver = true;
    await Promise.all(clients);
    await eventually(async () => (await replicas(one, 'tiny')).length === 0, 'nothing to be left');
  });
});
