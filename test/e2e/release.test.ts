import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  call,
  eventually,
  makeHome,
  millrace,
  removeHome,
  replicasOf,
  repository,
  startPlatform,
  type Json,
  type RunningPlatform,
} from './platform.ts';

const limitMs = 240_000;

let home = '';
let running: RunningPlatform[] = [];

beforeEach(() => {
  home = makeHome();
  running = [];
});

afterEach(async () => {
  for (const platform of running) await platform.stop();
  removeHome(home);
});

async function up(): Promise<RunningPlatform> {
  const platform = await startPlatform({ home });
  running.push(platform);
  return platform;
}

/** How the scripted engine answers as the version that serves. */
const usual = { tokens: 12, firstTokenMs: 5, concurrency: 32 };

async function deploy(platform: RunningPlatform, replicas = 1): Promise<void> {
  const resources = [
    { kind: 'Model', metadata: { name: 'chat' }, spec: {} },
    ...['1', '2'].map((version) => ({
      kind: 'ModelVersion',
      metadata: { name: `chat.${version}` },
      spec: { model: 'chat', version, source: 'none' },
    })),
    {
      kind: 'Deployment',
      metadata: { name: 'chat' },
      spec: {
        model: 'chat',
        version: '1',
        replicas: { min: replicas },
        engine: { name: 'fake', options: usual },
      },
    },
  ];
  expect((await call(platform, 'POST /api/v1/apply', { resources })).status).toBe(200);
  await eventually(async () => {
    const replicasNow = await replicasOf(platform, 'chat');
    return replicasNow.filter((one) => one.status?.state === 'ready').length === replicas;
  }, 'a first answer');
}

/** Starts a release of version 2, which answers as `options` say. */
async function release(platform: RunningPlatform, options: object, spec: object = {}): Promise<void> {
  const gates = ['errors', 'refusals', 'firstToken', 'total', 'answerBytes'].map((name) => ({
    name,
    boundRise: 0.2,
    ...(name === 'firstToken' || name === 'total' ? { tolerated: 2 } : {}),
    ...(name === 'answerBytes' ? { tolerated: 1.5 } : {}),
  }));
  const made = await call(platform, 'PUT /api/v1/releases/chat-2', {
    kind: 'Release',
    metadata: { name: 'chat-2' },
    spec: {
      deployment: 'chat',
      version: '2',
      engine: { name: 'fake', options: { ...usual, ...options } },
      stepMs: 1000,
      samplesMin: 50,
      rollbackWindowMs: 2000,
      gates,
      ...spec,
    },
  });
  expect(made.body.error).toBeUndefined();
}

async function statusOf(platform: RunningPlatform): Promise<Json> {
  return (await call(platform, 'GET /api/v1/releases/chat-2')).body.status ?? {};
}

async function stateIs(platform: RunningPlatform, ...states: string[]): Promise<Json> {
  return eventually(
    async () => {
      const status = await statusOf(platform);
      return states.includes(status.state) && status;
    },
    `a release that is ${states.join(' or ')}`,
    limitMs,
  );
}

interface Answered {
  readonly startedAt: number;
  readonly status: number;
  readonly version: string;
}

/** People who ask all the time, each anew as soon as there is an answer. */
function people(platform: RunningPlatform, count = 6) {
  const answers: Answered[] = [];
  const leaving = new AbortController();
  const body = JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'How do you do?' }] });
  const headers = { authorization: `Bearer ${platform.key}`, 'content-type': 'application/json' };
  const one = async (): Promise<void> => {
    while (!leaving.signal.aborted) {
      const startedAt = Date.now();
      const response = await fetch(`${platform.url}/v1/chat/completions`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      const version = response.headers.get('x-millrace-model') ?? '';
      answers.push({ startedAt, status: response.status, version });
    }
  };
  const all = Promise.allSettled(Array.from({ length: count }, one));
  return {
    answers,
    async leave() {
      leaving.abort();
      const left = await all;
      return left.filter(({ status }) => status === 'rejected').length;
    },
  };
}

const bad: readonly (readonly [string, object, RegExp])[] = [
  ['fails', { errorRate: 0.4 }, /^Rolled back: errors: \d+ % \(\d+ of \d+\) with chat@2/],
  ['is slow', { firstTokenMs: 60 }, /^Rolled back: milliseconds to the (first token|whole answer)/],
  ['does not know when to end', { tokens: 200, firstTokenMs: 0 }, /^Rolled back: (bytes of|milliseconds to)/],
];

describe('a release of a bad version', { timeout: limitMs }, () => {
  it.each(bad)('that %s is rolled back by itself, and serves nothing afterwards', async (_, options, why) => {
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
    const told = await millrace(platform, 'release', 'status', 'chat');
    expect(told.stdout).toContain('rolled-back');
    expect(told.stdout).toMatch(/errors +[█░]{20}/);
  });
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
