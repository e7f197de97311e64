import { describe, expect, it } from 'vitest';
import { clusterOfEachTest } from './cluster-scene.ts';
import { keyOf, type Part } from './cluster.ts';
import { call, eventually, replicasOf, type Json, type RunningPlatform } from './platform.ts';
import { deploy, limitMs, people, release, stateIs, statusOf, until } from './release-scenes.ts';

const cluster = clusterOfEachTest();

async function start(node: string): Promise<RunningPlatform> {
  return { ...(await cluster.start('all', node)), key: keyOf(cluster.root()) };
}

describe('a release in a cluster', { timeout: limitMs }, () => {
  it('is judged by what another process has counted, and rolled back at every gateway', async () => {
    const leader = await start('first');
    const other = await start('second');
    await deploy(leader);
    // Whoever leads sees none of these requests itself.
    const crowd = people(other);
    const round = 'We go round and round in circles. '.repeat(4);
    const gates = [{ name: 'errors' }, { name: 'repetition' }];
    await release(leader, { text: round }, { steps: [50, 100], gates });
    const { message } = await until(other, ({ state }) => state === 'rolled-back');
    expect(message).toMatch(/^Rolled back: thousandths of the answer that repeat it/);
    // Its gateway hears of it a moment after the store.
    const isBack = (): boolean => crowd.answers.slice(-20).every(({ version }) => version === 'chat@1');
    await until(other, isBack);
    const seenAt = Date.now();
    await until(other, () => crowd.answers.filter(({ startedAt }) => startedAt > seenAt).length > 20);
    expect(await crowd.leave()).toBe(0);
    const after = crowd.answers.filter(({ startedAt }) => startedAt > seenAt);
    expect(new Set(after.map(({ version }) => version))).toEqual(new Set(['chat@1']));
    expect(crowd.answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('is judged by ratings too, whichever gateway they are told', async () => {
    const asked = await start('first');
    const told = await start('second');
    await deploy(told);
    const models: string[] = [];
    const crowd = people(asked, {
      count: 12,
      tell: async ({ requestId, version }) => {
        const rating = version.endsWith('@2') ? 1 : 5;
        const { body } = await call(told, 'POST /v1/feedback', { request_id: requestId, rating });
        models.push(`${version} ${body.model}`);
      },
    });
    await release(asked, {}, { steps: [50, 100], gates: [{ name: 'errors' }, { name: 'feedback' }] });
    const { message } = await until(told, ({ state }) => state === 'rolled-back');
    expect(message).toMatch(/^Rolled back: bad ratings/);
    expect(await crowd.leave()).toBe(0);
    expect(new Set(models)).toEqual(new Set(['chat@1 chat@1', 'chat@2 chat@2']));
  });
});

/** Two gateways, one control, one worker; the first gateway and control are killed again and again. */
async function parts() {
  const first = await cluster.start('gateway', 'gate-1');
  const key = keyOf(cluster.root());
  const [second, control] = await Promise.all([
    cluster.start('gateway', 'gate-2'),
    cluster.start('control', 'control-1'),
    cluster.start('worker', 'work-1'),
  ]);
  let mortal: readonly Part[] = [first, control];
  return {
    lasting: { ...second, key },
    first: (): RunningPlatform => ({ ...(mortal[0] ?? first), key }),
    kill: () => Promise.all(mortal.map((part) => part.kill())),
    async comeBack() {
      mortal = await Promise.all([cluster.start('gateway', 'gate-1'), cluster.start('control', 'control-1')]);
    },
  };
}

async function versionsAt(platform: RunningPlatform): Promise<ReadonlySet<string>> {
  const body = { model: 'chat', messages: [{ role: 'user', content: 'Who are you?' }] };
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => call(platform, 'POST /v1/chat/completions', body)),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return new Set(answers.map(({ headers }) => headers.get('x-millrace-model') ?? ''));
}

const only = (version: string): ReadonlySet<string> => new Set([version]);

describe('a release whose gateway and control are killed', { timeout: limitMs }, () => {
  it('goes on from each step, and every gateway keeps to the last split meanwhile', async () => {
    const scene = await parts();
    const { lasting } = scene;
    await deploy(lasting);
    const crowd = people(lasting, { count: 4 });
    await release(
      lasting,
      { loadMs: 2500 },
      { steps: [20, 50, 100], samplesMin: 40, stepMs: 5000, rollbackWindowMs: 7000 },
    );
    const steps: readonly {
      readonly at: (status: Json) => boolean;
      readonly answers: ReadonlySet<string>;
    }[] = [
      { at: ({ state }) => state === 'warming', answers: only('chat@1') },
      {
        at: ({ split, samples }) => split?.share === 0.2 && samples > 0,
        answers: new Set(['chat@1', 'chat@2']),
      },
      {
        at: ({ split, samples }) => split?.share === 0.5 && samples > 0,
        answers: new Set(['chat@1', 'chat@2']),
      },
      { at: ({ state }) => state === 'settling', answers: only('chat@2') },
    ];
    for (const { at, answers } of steps) {
      await until(lasting, at);
      await scene.kill();
      const before = await statusOf(lasting);
      expect(await versionsAt(lasting)).toEqual(answers);
      await scene.comeBack();
      const after = await statusOf(scene.first());
      expect(after.split?.share ?? 0).toBeGreaterThanOrEqual(before.split?.share ?? 0);
    }
    await stateIs(scene.first(), 'promoted');
    await eventually(async () => {
      const replicas = await replicasOf(scene.first(), 'chat');
      return replicas.length === 1 && replicas[0]?.spec.version === '2';
    }, 'the old version to be gone');
    for (const gateway of [scene.first(), lasting]) expect(await versionsAt(gateway)).toEqual(only('chat@2'));
    expect(await crowd.leave()).toBe(0);
    expect(crowd.answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('at its rollback serves nothing of the bad version any more, at no gateway', async () => {
    const scene = await parts();
    const { lasting } = scene;
    await deploy(lasting);
    const crowd = people(lasting, { count: 4 });
    await release(lasting, { errorRate: 0.5 }, { steps: [50, 100], gates: [{ name: 'errors' }] });
    await stateIs(lasting, 'comparing');
    await scene.kill();
    await scene.comeBack();
    await stateIs(lasting, 'rolled-back');
    const seenAt = Date.now();
    await scene.kill();
    expect(await versionsAt(lasting)).toEqual(only('chat@1'));
    await scene.comeBack();
    expect(await statusOf(scene.first())).toMatchObject({ state: 'rolled-back' });
    for (const gateway of [scene.first(), lasting]) expect(await versionsAt(gateway)).toEqual(only('chat@1'));
    expect(await crowd.leave()).toBe(0);
    const late = crowd.answers.filter(({ startedAt }) => startedAt > seenAt);
    expect(new Set(late.map(({ version }) => version))).toEqual(only('chat@1'));
  });
});
