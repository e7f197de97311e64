import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  readyReplica,
  removeHome,
  startPlatform,
  type Json,
  type RunningPlatform,
} from './platform.ts';

let platform: RunningPlatform;

function deployment(name: string, spec: object): Json[] {
  const version = { model: name, version: '1' };
  return [
    { kind: 'Model', metadata: { name }, spec: { task: 'chat' } },
    { kind: 'Deployment', metadata: { name }, spec: { ...version, ...spec } },
  ];
}

function fake(options: object): object {
  return { name: 'fake', options };
}

beforeAll(async () => {
  platform = await startPlatform();
  const spare = [{ deployment: 'spare', afterMs: 300 }];
  const { status, body } = await call(platform, 'POST /api/v1/apply', {
    resources: [
      ...deployment('spare', { engine: fake({ text: 'from the spare' }) }),
      ...deployment('failing', { engine: fake({ errorEvery: 1 }), fallbacks: spare }),
      ...deployment('slow', { engine: fake({ firstTokenMs: 60_000 }), fallbacks: spare }),
      ...deployment('full', {
        engine: fake({ firstTokenMs: 60_000 }),
        limits: { concurrency: 1, queueDepthMax: 0 },
        fallbacks: spare,
      }),
      ...deployment('none', { engine: fake({}), replicas: { min: 0 }, fallbacks: spare }),
    ],
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  for (const name of ['spare', 'failing', 'slow', 'full']) await readyReplica(platform, name);
}, 120_000);

afterAll(async () => {
  await platform.stop();
  removeHome(platform.home);
});

function chat(model: string, more: object = {}) {
  return call(platform, 'POST /v1/chat/completions', {
    model,
    messages: [{ role: 'user', content: 'Hi' }],
    ...more,
  });
}

function setFallbacks(fallbacks: object[]) {
  return call(platform, 'PATCH /api/v1/deployments/failing', { spec: { fallbacks } });
}

describe('fallbacks on a running platform', () => {
  it.each(['failing', 'slow', 'none'])('answer for one that is %s', async (name) => {
    const { status, body, headers } = await chat(name);
    expect(status).toBe(200);
    expect(body.choices[0].message.content).toBe('from the spare');
    expect(body.model).toBe('spare');
    expect(headers.get('x-millrace-model')).toBe('spare@1');
  });

  it('answer for one whose queue is full, streams too', async () => {
    const first = chat('full', { max_tokens: 1 });
    const response = await fetch(`${platform.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.key}` },
      body: JSON.stringify({ model: 'full', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    expect(response.headers.get('x-millrace-model')).toBe('spare@1');
    expect(await response.text()).toContain('data: [DONE]');
    expect((await first).headers.get('x-millrace-model')).toBe('spare@1');
  });

  it('are not asked about what the caller did wrong', async () => {
    const { status, body } = await chat('slow', { max_tokens: 'many' });
    expect(status).toBe(400);
    expect(body.error.param).toBe('max_tokens');
  });

  it('must be there, be others, and stand in the list once', async () => {
    for (const wrong of [
      [{ deployment: 'nobody' }],
      [{ deployment: 'failing' }],
      [{ deployment: 'spare' }, { deployment: 'spare' }],
      [{ deployment: 'spare', on: ['error'], afterMs: 5 }],
    ]) {
      const { status, body } = await setFallbacks(wrong);
      expect(status).toBe(422);
      expect(body.error.param).toContain('spec.fallbacks');
    }
  });
});
