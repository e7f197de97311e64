import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  readyReplica,
  removeHome,
  repository,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

let platform: RunningPlatform;
let client: OpenAI;
let writerKey: string;

const example = pathToFileURL(join(repository, 'examples/steps/no-secrets.mjs')).href;
const card = 'My card is 1234 5678 1234 5678 , keep it.';

function deployment(name: string, spec: object) {
  return {
    kind: 'Deployment',
    metadata: { name },
    spec: {
      model: 'steps',
      version: '1',
      engine: { name: 'fake', options: { text: card, tokenMs: 1 } },
      ...spec,
    },
  };
}

beforeAll(async () => {
  platform = await startPlatform();
  client = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey: platform.key, maxRetries: 0 });
  const steps = { pre: example, post: example, timeoutMs: 20_000 };
  const { status, body } = await call(platform, 'POST /api/v1/apply', {
    resources: [
      { kind: 'Model', metadata: { name: 'steps' }, spec: { task: 'chat' } },
      deployment('plain', {}),
      deployment('checked', { steps }),
      deployment('lost', {
        steps: { pre: 'file:///nowhere/at/all.mjs' },
        fallbacks: [{ deployment: 'plain' }],
      }),
      { kind: 'Key', metadata: { name: 'writer' }, spec: { tenant: 'default', scopes: ['write'] } },
    ],
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  writerKey = body.secrets.writer;
  for (const name of ['plain', 'checked', 'lost']) await readyReplica(platform, name);
}, 120_000);

afterAll(async () => {
  await platform.stop();
  removeHome(platform.home);
});

const messages = [{ role: 'user' as const, content: 'Hi' }];

function patchAsWriter(steps: object) {
  return fetch(`${platform.url}/api/v1/deployments/plain`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${writerKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ spec: { steps } }),
  });
}

describe('the example steps on a running platform', () => {
  it('change whole answers and streams, and leave other deployments alone', async () => {
    const plain = await client.chat.completions.create({ model: 'plain', messages });
    expect(plain.choices[0]?.message.content).toBe(card);
    const checked = await client.chat.completions.create({ model: 'checked', messages });
    expect(checked.choices[0]?.message.content).toBe('My card is **** , keep it.');
    expect(checked).toMatchObject({ note: 'checked for default' });
    const stream = await client.chat.completions.create({ model: 'checked', messages, stream: true });
    let text = '';
    let pieces = 0;
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? '';
      pieces += 1;
    }
    expect(text).toBe('My card is **** , keep it.');
    expect(pieces).toBeGreaterThan(5);
  });

  it('refuse a request with their own message', async () => {
    const secret = [{ role: 'user' as const, content: 'My key is sk-abcdef123456.' }];
    await expect(
      client.chat.completions.create({ model: 'checked', messages: secret }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'step_refused',
      message: expect.stringContaining('Do not send secrets'),
    });
  });

  it('work for the other wires', async () => {
    const headers = { 'x-api-key': platform.key, 'content-type': 'application/json' };
    const asked = await fetch(`${platform.url}/v1/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ model: 'checked', max_tokens: 50, messages }),
    });
    expect(await asked.json()).toMatchObject({
      content: [{ type: 'text', text: 'My card is **** , keep it.' }],
    });
  });

  it('that cannot be loaded fail their own deployment only, and let its fallbacks answer', async () => {
    const { body, headers } = await call(platform, 'POST /v1/chat/completions', { model: 'lost', messages });
    expect(headers.get('x-millrace-model')).toBe('steps@1');
    expect(body.choices[0].message.content).toBe(card);
  });

  it('are set by administrators alone', async () => {
    const refused = await patchAsWriter({ pre: example });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'forbidden', param: 'spec.steps.pre' } });
    expect((await patchAsWriter({ pre: 'https://elsewhere/steps.mjs' })).status).toBe(422);
  });
});
