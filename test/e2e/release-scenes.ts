import { expect } from 'vitest';
import { call, eventually, replicasOf, type Json, type RunningPlatform } from './platform.ts';

export const limitMs = 240_000;

/** How the scripted engine answers as the version that serves. */
const usual = { tokens: 12, firstTokenMs: 5, concurrency: 32 };

/** A deployment, a model of the same name, and two versions of it; the first serves. */
export async function deploy(platform: RunningPlatform, replicas = 1, name = 'chat'): Promise<void> {
  const resources = [
    { kind: 'Model', metadata: { name }, spec: {} },
    ...['1', '2'].map((version) => ({
      kind: 'ModelVersion',
      metadata: { name: `${name}.${version}` },
      spec: { model: name, version, source: 'none' },
    })),
    {
      kind: 'Deployment',
      metadata: { name },
      spec: {
        model: name,
        version: '1',
        replicas: { min: replicas },
        engine: { name: 'fake', options: usual },
      },
    },
  ];
  expect((await call(platform, 'POST /api/v1/apply', { resources })).status).toBe(200);
  await eventually(async () => {
    const replicasNow = await replicasOf(platform, name);
    return replicasNow.filter((one) => one.status?.state === 'ready').length === replicas;
  }, 'a first answer');
}

const usualGates = ['errors', 'refusals', 'firstToken', 'total', 'answerBytes'].map((name) => ({
  name,
  boundRise: 0.2,
  ...(name === 'firstToken' || name === 'total' ? { tolerated: 2 } : {}),
  ...(name === 'answerBytes' ? { tolerated: 1.5 } : {}),
}));

/** Starts a release of version 2, which answers as `options` say. */
export async function release(
  platform: RunningPlatform,
  options: object,
  spec: Readonly<Record<string, unknown>> & { readonly deployment?: string } = {},
): Promise<void> {
  const { deployment = 'chat' } = spec;
  const made = await call(platform, `PUT /api/v1/releases/${deployment}-2`, {
    kind: 'Release',
    metadata: { name: `${deployment}-2` },
    spec: {
      deployment,
      version: '2',
      engine: { name: 'fake', options: { ...usual, ...options } },
      stepMs: 1000,
      samplesMin: 50,
      rollbackWindowMs: 2000,
      gates: usualGates,
      ...spec,
    },
  });
  expect(made.body.error).toBeUndefined();
}

export async function statusOf(platform: RunningPlatform, deployment = 'chat'): Promise<Json> {
  return (await call(platform, `GET /api/v1/releases/${deployment}-2`)).body.status ?? {};
}

/** Waits until the release of a deployment fits. */
export async function until(
  platform: RunningPlatform,
  fits: (status: Json) => boolean,
  deployment = 'chat',
): Promise<Json> {
  const ask = async (): Promise<Json> => {
    const status = await statusOf(platform, deployment);
    return fits(status) && status;
  };
  return eventually(ask, `a release of ${deployment} for which ${String(fits)}`, limitMs);
}

export async function stateIs(platform: RunningPlatform, ...states: string[]): Promise<Json> {
  return until(platform, ({ state }) => states.includes(state));
}

interface Answered {
  readonly startedAt: number;
  readonly status: number;
  readonly version: string;
  readonly requestId: string;
}

interface Crowd {
  readonly count?: number;
  readonly deployment?: string;
  /** What they ask beside their question. */
  readonly asking?: object;
  /** What each does with an answer before it asks again. */
  readonly tell?: (answered: Answered) => Promise<unknown>;
}

/** People who ask all the time, each anew as soon as there is an answer. */
export function people(platform: RunningPlatform, crowd: Crowd = {}) {
  const { count = 6, deployment = 'chat', asking = {}, tell } = crowd;
  const answers: Answered[] = [];
  const leaving = new AbortController();
  const messages = [{ role: 'user', content: 'How do you do?' }];
  const body = JSON.stringify({ model: deployment, messages, ...asking });
  const headers = { authorization: `Bearer ${platform.key}`, 'content-type': 'application/json' };
  const one = async (): Promise<void> => {
    while (!leaving.signal.aborted) {
      const startedAt = Date.now();
      const response = await fetch(`${platform.url}/v1/chat/completions`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      const answered = {
        startedAt,
        status: response.status,
        version: response.headers.get('x-millrace-model') ?? '',
        requestId: response.headers.get('x-request-id') ?? '',
      };
      answers.push(answered);
      await tell?.(answered);
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
