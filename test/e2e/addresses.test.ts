import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  eventually,
  millrace,
  removeHome,
  replicasOf,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

/** A server of somebody else that speaks OpenAI's dialect, and says its name. */
interface Theirs {
  readonly url: string;
  die(): Promise<void>;
  comeBack(): Promise<void>;
}

/** Long enough that requests which come together are there together: more than one endpoint has places for. */
const answerMs = 40;

async function startTheirs(name: string): Promise<Theirs> {
  const choices = [{ index: 0, message: { role: 'assistant', content: name }, finish_reason: 'stop' }];
  const answer = JSON.stringify({ object: 'chat.completion', choices });
  const create = (): Server =>
    createServer((request, response) => {
      request.resume().once('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        if (request.method === 'GET') response.end('{"data":[]}');
        else setTimeout(() => response.end(answer), answerMs);
      });
    });
  let server = create();
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async die() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    comeBack: () => ((server = create()), listen(port)),
  };
}

let platform: RunningPlatform;
let theirs: readonly Theirs[] = [];

const urlOf = (at: number): string => theirs[at]?.url ?? '';

async function want(...urls: string[]): Promise<void> {
  const engine = { name: 'openai', options: { concurrency: 4 }, urls };
  const spec = { model: 'many', version: '1', engine, limits: { stallMs: 1000 } };
  const resources = [
    { kind: 'Model', metadata: { name: 'many' }, spec: { task: 'chat' } },
    { kind: 'Deployment', metadata: { name: 'many' }, spec },
  ];
  const { status, body } = await call(platform, 'POST /api/v1/apply', { resources });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

function put(spec: object): ReturnType<typeof call> {
  return call(platform, 'PUT /api/v1/deployments/wrong', {
    kind: 'Deployment',
    metadata: { name: 'wrong' },
    spec: { model: 'many', version: '1', ...spec },
  });
}

/** The replicas that answer: their names by the addresses they stand for. */
async function ready(): Promise<Readonly<Record<string, string>>> {
  const found = (await replicasOf(platform, 'many')).filter(({ status }) => status?.state === 'ready');
  return Object.fromEntries(found.map(({ metadata, spec }) => [spec.address ?? '', metadata.name]));
}

async function readyAt(...at: number[]): Promise<Readonly<Record<string, string>>> {
  const urls = at.map(urlOf).toSorted();
  return await eventually(
    async () => {
      const names = await ready();
      return JSON.stringify(Object.keys(names).toSorted()) === JSON.stringify(urls) && names;
    },
    `replicas at ${at.join(' and ')}`,
  );
}

/** Who answers; a status where it is no answer. */
async function ask(): Promise<string> {
  const messages = [{ role: 'user', content: 'Who are you?' }];
  const { status, body } = await call(platform, 'POST /v1/chat/completions', { model: 'many', messages });
  return status === 200 ? body.choices[0].message.content : String(status);
}

/** Who answers so many requests, eight of them at the same time. */
async function whoAnswers(count: number): Promise<readonly string[]> {
  const names: string[] = [];
  while (names.length < count) names.push(...(await Promise.all(Array.from({ length: 8 }, ask))));
  return [...new Set(names)].toSorted();
}

beforeAll(async () => {
  theirs = await Promise.all(['a', 'b', 'c'].map(startTheirs));
  platform = await startPlatform();
  await want(urlOf(0), urlOf(1));
}, 60_000);

afterAll(async () => {
  await platform.stop();
  await Promise.all(theirs.map((one) => one.die()));
  removeHome(platform.home);
});

describe('a deployment of several endpoints that already run', () => {
  it('has a replica at each, and all of them answer', async () => {
    await readyAt(0, 1);
    expect(await whoAnswers(40)).toEqual(['a', 'b']);
    const { body } = await call(platform, 'GET /api/v1/status');
    expect(body.deployments[0]).toMatchObject({ state: 'ready', wantedReplicas: 2, readyReplicas: 2 });
  });

  it('goes on without one that dies, and takes it back when it has come back', async () => {
    const before = await readyAt(0, 1);
    await theirs[1]?.die();
    expect(await whoAnswers(20)).toEqual(['a']);
    await readyAt(0);
    const status = await eventually(async () => {
      const { body } = await call(platform, 'GET /api/v1/deployments/many');
      return body.status.addresses !== undefined && body.status;
    }, 'the address that fails to be noted');
    expect(status.addresses).toMatchObject([{ address: urlOf(1) }]);
    await theirs[1]?.comeBack();
    const after = await readyAt(0, 1);
    expect(after[urlOf(0)]).toBe(before[urlOf(0)]);
    expect(await whoAnswers(40)).toEqual(['a', 'b']);
  }, 60_000);

  it('changes at the addresses that are added and taken away, and nowhere else', async () => {
    const before = await readyAt(0, 1);
    await want(urlOf(1), urlOf(2));
    const after = await readyAt(1, 2);
    expect(after[urlOf(1)]).toBe(before[urlOf(1)]);
    expect(await whoAnswers(40)).toEqual(['b', 'c']);
  });

  it('says why an address that never answered does not', async () => {
    const nowhere = 'http://127.0.0.1:9';
    await want(urlOf(1), nowhere);
    const told = await eventually(async () => {
      const found = await replicasOf(platform, 'many');
      return found.find(({ spec, status }) => spec.address === nowhere && status?.message !== undefined);
    }, 'the reason');
    expect(told.status).toMatchObject({ state: 'loading', message: expect.stringContaining('ECONNREFUSED') });
    const { stdout } = await millrace(platform, 'status');
    expect(stdout).toMatch(/many +many@1 +1\/2 +degraded: The replica does not answer.*ECONNREFUSED/);
    const scaled = await millrace(platform, 'scale', 'many', '3');
    expect([scaled.code, scaled.stderr]).toEqual([2, expect.stringContaining('spec.engine.urls')]);
  });

  it('cannot be scaled, nor have an address beside the list', async () => {
    const engine = { name: 'openai', urls: [urlOf(0)] };
    const scaled = await put({ engine, scaling: {} });
    expect([scaled.status, scaled.body.error.param]).toEqual([422, 'spec.scaling']);
    const both = await put({ engine: { ...engine, options: { url: urlOf(1) } } });
    expect([both.status, both.body.error.param]).toEqual([422, 'spec.engine.urls']);
  });
});
