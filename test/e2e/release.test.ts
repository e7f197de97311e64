import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { call, eventually, millrace, replicasOf, repository, type RunningPlatform } from './platform.ts';
import { deploy, limitMs, people, release, stateIs, statusOf } from './release-scenes.ts';
import { sceneOfEachTest } from './scene.ts';

const scene = sceneOfEachTest();
let home = '';

beforeEach(() => {
  home = scene.home();
});

/** Always in the same home: a platform goes on where the one before it was. */
function up(): Promise<RunningPlatform> {
  return scene.up({ home });
}

const bad: readonly (readonly [string, object, RegExp])[] = [
  ['fails', { errorRate: 0.4 }, /^Rolled back: errors: \d+ % \(\d+ of \d+\) with chat@2/],
  ['is slow', { firstTokenMs: 60 }, /^Rolled back: milliseconds to the (first token|whole answer)/],
  ['does not know when to end', { tokens: 200, firstTokenMs: 0 }, /^Rolled back: (bytes of|milliseconds to)/],
];

describe('a release of a bad version', { timeout: limitMs }, () => {
  it.each(bad)(
    'that %s is rolled back by itself, and serves nothing afterwards',
    async (what, options, why) => {
      const platform = await up();
      await deploy(platform);
      const crowd = people(platform);
      await release(platform, options, { steps: [20, 100] });
      const status = await stateIs(platform, 'rolled-back', 'promoted', 'failed');
      const seenAt = Date.now();
      expect(status.message).toMatch(why);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(await crowd.leave()).toBe(0);
      const after = crowd.answers.filter(({ startedAt }) => startedAt > seenAt);
      expect(after.length).toBeGreaterThan(0);
      expect(new Set(after.map(({ version }) => version))).toEqual(new Set(['chat@1']));
      const begun = crowd.answers.filter(({ version }) => version === 'chat@2').map((one) => one.startedAt);
      const inForceMs = Math.max(0, Math.max(...begun) - Date.parse(status.since));
      console.log(
        `The last request for a version that ${what} began ${inForceMs} ms after its rollback was decided.`,
      );
      const told = await millrace(platform, 'release', 'status', 'chat');
      expect(told.stdout).toContain('rolled-back');
      expect(told.stdout).toMatch(/errors +[█░]{20}/);
    },
  );
});

describe('a release of a good version', { timeout: limitMs }, () => {
  it('reaches everybody, also when the platform is killed on the way, and can be told from the log', async () => {
    const first = await up();
    await deploy(first);
    const early = people(first);
    await release(first, {}, { steps: [25, 100], samplesMin: 150, stepMs: 4000 });
    await stateIs(first, 'comparing');
    await eventually(async () => ((await statusOf(first)).samples ?? 0) > 20, 'some samples');
    const before = await statusOf(first);
    await first.kill();
    await early.leave();
    const second = await up();
    expect((await statusOf(second)).split.share).toBe(before.split.share);
    const crowd = people(second);
    await stateIs(second, 'promoted');
    await eventually(async () => {
      const replicas = await replicasOf(second, 'chat');
      return replicas.length > 0 && replicas.every((one) => one.spec.version === '2');
    }, 'the old version to be gone');
    const since = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await crowd.leave()).toBe(0);
    expect(crowd.answers.filter(({ status }) => status !== 200)).toEqual([]);
    const late = crowd.answers.filter(({ startedAt }) => startedAt > since);
    expect(new Set(late.map(({ version }) => version))).toEqual(new Set(['chat@2']));

    const live = await millrace(second, 'models', 'live');
    expect(live.stdout).toMatch(/chat +chat@2 +\S+ +control +Release chat-2: /);
    const back = await millrace(second, 'rollback', 'chat', '--reason', 'We liked it better');
    expect(back.stdout).toContain('chat serves chat@1 again soon');
    const [newest] = (await call(second, 'GET /api/v1/audit?kind=deployments&limit=1')).body.entries;
    expect(newest).toMatchObject({ reason: 'We liked it better', after: { version: '1' } });
  });

  it('is switched at once when it is blue-green, without a request that fails, and back by one command', async () => {
    const platform = await up();
    await deploy(platform, 2);
    const crowd = people(platform);
    await release(platform, {}, { strategy: 'blue-green', rollbackWindowMs: 600_000 });
    await stateIs(platform, 'settling');
    const switchedAt = Date.now();
    await eventually(
      async () => (crowd.answers.at(-1)?.startedAt ?? 0) > switchedAt,
      'an answer of the new version',
    );
    // What began in this very millisecond still counts as before.
    const abortedAt = Date.now() + 1;
    const aborted = await millrace(platform, 'release', 'abort', 'chat');
    expect(aborted.stdout).toContain('rolled back');
    await stateIs(platform, 'rolled-back');
    const backAt = Date.now();
    await eventually(
      async () => (crowd.answers.at(-1)?.startedAt ?? 0) > backAt,
      'an answer of the old version',
    );
    expect(await crowd.leave()).toBe(0);
    const versions = (from: number, until: number) =>
      new Set(
        crowd.answers
          .filter((one) => one.startedAt > from && one.startedAt < until)
          .map((one) => one.version),
      );
    expect(versions(switchedAt, abortedAt)).toEqual(new Set(['chat@2']));
    expect(versions(backAt, Infinity)).toEqual(new Set(['chat@1']));
    expect(crowd.answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('may be the demo model, on its own engine', async () => {
    const platform = await up();
    const file = `file:${join(repository, 'models/demo/demo-q8_0.gguf')}`;
    const resources = [
      { kind: 'Model', metadata: { name: 'chat' }, spec: {} },
      ...['1', '2'].map((version) => ({
        kind: 'ModelVersion',
        metadata: { name: `chat.${version}` },
        spec: { model: 'chat', version, source: file },
      })),
      { kind: 'Deployment', metadata: { name: 'chat' }, spec: { model: 'chat', version: '1' } },
    ];
    await call(platform, 'POST /api/v1/apply', { resources });
    await eventually(
      async () => (await replicasOf(platform, 'chat'))[0]?.status?.state === 'ready',
      'an answer',
    );
    const spec = { deployment: 'chat', version: '2', strategy: 'blue-green', rollbackWindowMs: 0 };
    await call(platform, 'PUT /api/v1/releases/chat-2', {
      kind: 'Release',
      metadata: { name: 'chat-2' },
      spec,
    });
    await stateIs(platform, 'promoted');
    const body = { model: 'chat', messages: [{ role: 'user', content: 'Hello!' }], max_tokens: 4 };
    const answer = await call(platform, 'POST /v1/chat/completions', body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-millrace-model')).toBe('chat@2');
  });
});
