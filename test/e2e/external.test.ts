import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  eventually,
  readyReplica,
  removeHome,
  replicasOf,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

/** Another platform, run by somebody else; and ours, which puts it behind its own gateway. */
let provider: RunningPlatform;
let platform: RunningPlatform;

function deployment(name: string, engine: object) {
  return [
    { kind: 'Model', metadata: { name }, spec: { task: 'chat' } },
    { kind: 'Deployment', metadata: { name }, spec: { model: name, version: '1', engine } },
  ];
}

async function apply(to: RunningPlatform, resources: readonly object[]): Promise<void> {
  const { status, body } = await call(to, 'POST /api/v1/apply', { resources });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

const secrets = (): string => join(platform.home, 'secrets');

/** The key as Kubernetes writes a secret: into a directory of its own, to which a link is then led. */
function writeKey(key: string, version: string): void {
  mkdirSync(join(secrets(), version), { recursive: true });
  writeFileSync(join(secrets(), version, 'key'), `${key}\n`);
  symlinkSync(version, join(secrets(), '..next'));
  renameSync(join(secrets(), '..next'), join(secrets(), '..data'));
}

/** And as it mounts it: through a link to that link. */
function mountKey(key: string): string {
  writeKey(key, '..v1');
  symlinkSync(join('..data', 'key'), join(secrets(), 'key'));
  return join(secrets(), 'key');
}

async function createKey(name: string): Promise<string> {
  const spec = { scopes: ['infer'] };
  const made = await call(provider, `PUT /api/v1/keys/${name}`, { kind: 'Key', metadata: { name }, spec });
  return made.body.secret;
}

beforeAll(async () => {
  [provider, platform] = await Promise.all([startPlatform(), startPlatform()]);
  await apply(provider, deployment('theirs', { name: 'fake', options: { text: 'from the provider' } }));
  await readyReplica(provider, 'theirs');
  const wrongKey = join(platform.home, 'wrong-key');
  writeFileSync(wrongKey, 'mr_wrong');
  const options = { url: provider.url, model: 'theirs', cost: { inputPerMillion: 1, outputPerMillion: 2 } };
  await apply(platform, [
    ...deployment('ours', {
      name: 'openai',
      options: { ...options, apiKeyFile: mountKey(await createKey('first')) },
    }),
    ...deployment('shut', { name: 'openai', options: { ...options, apiKeyFile: wrongKey } }),
  ]);
  await readyReplica(platform, 'ours');
}, 120_000);

afterAll(async () => {
  await Promise.all([platform.stop(), provider.stop()]);
  removeHome(platform.home);
  removeHome(provider.home);
});

const messages = [{ role: 'user' as const, content: 'Hi' }];

describe('a provider behind the platform', () => {
  it('is asked by the name it has for the model, streams too', async () => {
    const client = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey: platform.key, maxRetries: 0 });
    const answer = await client.chat.completions.create({ model: 'ours', messages });
    expect(answer.choices[0]?.message.content).toBe('from the provider');
    const stream = await client.chat.completions.create({ model: 'ours', messages, stream: true });
    let text = '';
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    expect(text).toBe('from the provider');
  });

  it('has its price in the record and its key nowhere', async () => {
    const { body } = await call(platform, 'GET /api/v1/deployments/ours');
    expect(body.spec.engine.options.cost).toEqual({ inputPerMillion: 1, outputPerMillion: 2 });
    const records = JSON.stringify([body, (await call(platform, 'GET /api/v1/replicas')).body]);
    const key = readFileSync(join(secrets(), 'key'), 'utf8').trim();
    expect(records).not.toContain(key);
    expect(readFileSync(join(platform.home, 'logs', 'millrace.log'), 'utf8')).not.toContain(key);
  });

  it('is asked with the new key as soon as the old one is good for nothing', async () => {
    writeKey(await createKey('second'), '..v2');
    expect((await call(provider, 'DELETE /api/v1/keys/first')).status).toBe(200);
    const asked = Array.from({ length: 4 }, () =>
      call(platform, 'POST /v1/chat/completions', { model: 'ours', messages }),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('that refuses the key is not sent to, and says why', async () => {
    const failed = await eventually(async () => {
      const replicas = await replicasOf(platform, 'shut');
      const { body } = await call(platform, 'GET /api/v1/deployments/shut');
      return replicas.every((one) => one.status?.state !== 'ready') && body.status?.message;
    }, 'the replica to fail');
    expect(failed).toContain('refuses the key');
  });

  it('that goes away is replaced when it is back', { timeout: 120_000 }, async () => {
    const { home } = provider;
    const listen = new URL(provider.url).host;
    await provider.stop();
    const { status } = await call(platform, 'POST /v1/chat/completions', { model: 'ours', messages });
    expect([502, 503]).toContain(status);
    provider = await startPlatform({ home, listen });
    const back = await eventually(async () => {
      const answer = await call(platform, 'POST /v1/chat/completions', { model: 'ours', messages });
      return answer.status === 200 && answer.body;
    }, 'an answer from the provider that is back');
    expect(back.choices[0].message.content).toBe('from the provider');
  });
});
