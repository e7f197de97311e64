import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  call,
  eventually,
  lifeOf,
  makeHome,
  millrace,
  readyReplica,
  removeHome,
  replicasOf,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

const home = makeHome();
const recording = join(home, 'recording.jsonl');
let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatform({ home, args: ['--record', recording] });
  const { status, body } = await call(platform, 'POST /api/v1/apply', {
    resources: [
      { kind: 'Model', metadata: { name: 'demo' }, spec: {} },
      {
        kind: 'Deployment',
        metadata: { name: 'demo' },
        spec: {
          model: 'demo',
          version: '1',
          engine: { name: 'fake', options: { firstTokenMs: 30, tokenMs: 2 } },
          replicas: { min: 2 },
          limits: { concurrency: 3, queueDepthMax: 12 },
        },
      },
    ],
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  await readyReplica(platform, 'demo');
}, 120_000);

afterAll(async () => {
  await platform.stop();
  removeHome(home);
});

/** What became of a request: its status, or that it was cut off. */
async function ask(number: number): Promise<number | 'left'> {
  const leaves = number % 7 === 0;
  try {
    const response = await fetch(`${platform.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${platform.key}`,
        'content-type': 'application/json',
        ...(number % 3 === 0 ? { 'x-deadline-ms': '150' } : {}),
      },
      body: JSON.stringify({
        model: 'demo',
        stream: number % 2 === 0,
        messages: [
          { role: 'user', content: `Something that is nobody's business, ${'again '.repeat(number * 9)}` },
        ],
      }),
      ...(leaves ? { signal: AbortSignal.timeout(40) } : {}),
    });
    await response.text();
    return response.status;
  } catch {
    return 'left';
  }
}

it('is replayed to the same decisions, after rough use and the death of a replica', async () => {
  const first = Array.from({ length: 30 }, (_, number) => ask(number));
  const victim = await readyReplica(platform, 'demo');
  process.kill((await lifeOf(victim)).facts.pid, 'SIGKILL');
  const statuses = await Promise.all([...first, ...Array.from({ length: 30 }, (_, number) => ask(number))]);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
  expect(statuses).toContain('left');
  await eventually(async () => {
    const ready = (await replicasOf(platform, 'demo')).filter((one) => one.status?.state === 'ready');
    return ready.length === 2;
  }, 'two replicas again');
  expect(await Promise.all([1, 2, 4].map(ask))).toEqual([200, 200, 200]);
  await platform.stop();

  const replayed = await millrace(platform, 'simulate', '--replay', recording, '--json');
  const outcome = JSON.parse(replayed.stdout);
  expect(outcome.difference).toBeNull();
  expect(outcome.equal).toBe(outcome.deeds);
  expect(outcome.deeds).toBeGreaterThan(100);
  const text = readFileSync(recording, 'utf8');
  for (const secret of ["nobody's business", platform.key]) expect(text).not.toContain(secret);
  expect(statSync(recording).mode & 0o777).toBe(0o600);

  const other = join(home, 'other.jsonl');
  writeFileSync(other, text.replace('"do":"begin"', '"do":"end"'));
  const differs = await millrace(platform, 'simulate', '--replay', other);
  expect(differs).toMatchObject({ code: 1, stdout: expect.stringContaining('first difference') });
}, 120_000);
