import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resourceSchemas, type StepsSpec } from '#schema';
import type { LogFacts, Result, StepFacts, Steps, StepSession } from '#contracts';
import { createThreadSteps } from './index.ts';

let folder: string;
let steps: Steps;
let said: (readonly [string, LogFacts | undefined])[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steps-'));
  said = [];
  const note = (event: string, facts?: LogFacts): void => void said.push([event, facts]);
  steps = createThreadSteps({ log: { debug: note, info: note, warn: note, error: note } });
});
afterEach(async () => {
  await steps.close();
  rmSync(folder, { recursive: true });
});

const facts: StepFacts = {
  requestId: 'req_1',
  tenant: 'default',
  deployment: 'chat',
  endpoint: '/v1/chat/completions',
  stream: false,
};

function moduleOf(source: string, name = 'steps.mjs'): string {
  writeFileSync(join(folder, name), source);
  return pathToFileURL(join(folder, name)).href;
}

function specOf(given: object): StepsSpec {
  const spec = { model: 'm', version: '1', steps: given };
  const parsed = resourceSchemas.Deployment.parse({ kind: 'Deployment', metadata: { name: 'chat' }, spec });
  if (parsed.spec.steps === undefined) throw new Error('no steps');
  return parsed.spec.steps;
}

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function pre(session: StepSession, request: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    session.pre(encode(request), (made) => {
      if (!made.ok) resolve(made.problem);
      else if (made.value === undefined) resolve('unchanged');
      else resolve({ ...made.value, body: textOf(made.value.body) });
    });
  });
}

function bytesOf(call: (done: (made: Result<Uint8Array>) => void) => void): Promise<unknown> {
  return new Promise((resolve) => {
    call((made) => {
      resolve(made.ok ? textOf(made.value) : made.problem);
    });
  });
}

const post = (session: StepSession, response: unknown): Promise<unknown> =>
  bytesOf((done) => {
    session.post(encode(response), done);
  });
const chunk = (session: StepSession, text: string): Promise<unknown> =>
  bytesOf((done) => {
    session.chunk(Buffer.from(text), done);
  });

describe('steps in a thread', () => {
  it('change a request, and tell where in it stands what matters', async () => {
    const url = moduleOf(
      `export const pre = (request, { tenant }) => ({ ...request, max_tokens: 7, user: tenant });`,
    );
    const session = steps.open(specOf({ pre: url }), facts);
    const made = await pre(session, { model: 'chat', messages: [{ role: 'user', content: 'Grüße' }], n: 2 });
    const body =
      '{"model":"chat","messages":[{"role":"user","content":"Grüße"}],"n":2,"max_tokens":7,"user":"default"}';
    const promptFrom = body.indexOf('[');
    expect(made).toEqual({
      body,
      modelFrom: 9,
      modelTo: 15,
      promptFrom,
      // In bytes: two letters take two.
      promptTo: body.indexOf(']') + 3,
      stream: false,
      maxTokens: 7,
      answers: 2,
    });
  });

  it('change whole answers and events of a stream, however they are cut, and remember between calls', async () => {
    const url = moduleOf(`
      export const post = async (response) => { response.checked = true; };
      export const chunk = (event, { state }) => {
        state.seen = (state.seen ?? 0) + 1;
        if (event.text === 'drop') return null;
        return event.text === 'twice' ? [event, event] : { ...event, seen: state.seen };
      };`);
    const whole = steps.open(specOf({ post: url }), facts);
    expect(await pre(whole, { stream: false })).toBe('unchanged');
    expect(await post(whole, { text: 'hello' })).toBe('{"text":"hello","checked":true}');
    const stream = steps.open(specOf({ post: url }), { ...facts, stream: true });
    expect(await pre(stream, { stream: true })).toBe('unchanged');
    expect(await chunk(stream, 'data: {"text":"a"}\n\ndata: {"te')).toBe('data: {"text":"a","seen":1}\n\n');
    expect(await chunk(stream, 'xt":"drop"}\n')).toBe('');
    expect(await chunk(stream, '\ndata: {"text":"twice"}\r\n\r\n')).toBe(
      '\ndata: {"text":"twice"}\n\ndata: {"text":"twice"}\n\n',
    );
    expect(await chunk(stream, ': ping\n\ndata: {"error":{}}\n\ndata: [DONE]\n\n')).toBe(
      ': ping\n\ndata: {"error":{}}\n\ndata: [DONE]\n\n',
    );
  });

  it('refuse with a message, and keep what they throw to the log', async () => {
    const url = moduleOf(`export const pre = (request, context) => {
      if (request.bad) context.refuse('Not here.');
      throw new Error('secret of the step');
    };`);
    const session = steps.open(specOf({ pre: url }), facts);
    expect(await pre(session, { bad: true })).toMatchObject({ code: 'step_refused', message: 'Not here.' });
    const failed = await pre(session, {});
    expect(failed).toMatchObject({ code: 'step_failed' });
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect(JSON.stringify(said)).toContain('secret of the step');
  });

  it('that cannot change an answer let none through', async () => {
    const whole = moduleOf('export const post = (response) => response;', 'whole.mjs');
    const pieces = moduleOf('export const chunk = (event) => event;', 'pieces.mjs');
    const stream = { ...facts, stream: true };
    expect(await pre(steps.open(specOf({ post: whole }), stream), {})).toMatchObject({ param: 'stream' });
    expect(await pre(steps.open(specOf({ post: pieces }), facts), {})).toMatchObject({ param: 'stream' });
    expect(await pre(steps.open(specOf({ post: pieces }), stream), {})).toBe('unchanged');
  });

  it('that hang are stopped; who waits behind them is served by the next thread', async () => {
    const url = moduleOf(`export const pre = (request) => {
      if (request.how === 'loop') for (;;);
      if (request.how === 'exit') process.exit(0);
      if (request.how === 'crash') setTimeout(() => { throw new Error('later'); }, 0);
      if (request.how === 'crash') return new Promise(() => {});
      return { how: 'well' };
    };`);
    const spec = specOf({ pre: url, timeoutMs: 2000 });
    const asked = ['loop', 'exit', 'crash', 'fine'].map((how) => pre(steps.open(spec, facts), { how }));
    const codes = (await Promise.all(asked)).map((made) => JSON.stringify(made).match(/step_\w+|well/)?.[0]);
    expect(codes).toEqual(['step_timeout', 'step_failed', 'step_failed', 'well']);
  });

  it('that take too much memory end, and not the platform', async () => {
    const url = moduleOf(`export const pre = (request) => {
      if (request.hoard) { const all = []; for (;;) all.push(new Array(1e5).fill(request)); }
      return request;
    };`);
    const spec = specOf({ pre: url, timeoutMs: 60_000, memoryMb: 32 });
    expect(await pre(steps.open(spec, facts), { hoard: true })).toMatchObject({ code: 'step_failed' });
    expect(JSON.stringify(said)).toContain('memory limit');
    expect(await pre(steps.open(spec, facts), {})).toMatchObject({ body: '{}' });
  });

  it('fail a request whose thread was replaced in its midst', async () => {
    const url = moduleOf(`
      export const pre = (request) => { if (request.exit) process.exit(0); };
      export const post = (response) => response;`);
    const spec = specOf({ pre: url, post: url });
    const midst = steps.open(spec, facts);
    await pre(midst, {});
    await pre(steps.open(spec, facts), { exit: true });
    expect(await post(midst, {})).toMatchObject({ code: 'step_failed' });
  });

  it('see nothing of the environment, and are told from others by their deployment', async () => {
    const url = moduleOf('let count = 0; export const pre = () => ({ env: process.env, count: ++count });');
    const spec = specOf({ pre: url });
    const bodyIn = async (deployment: string): Promise<unknown> => {
      const made = JSON.stringify(await pre(steps.open(spec, { ...facts, deployment }), {}));
      return JSON.parse(JSON.parse(made).body);
    };
    expect(await bodyIn('chat')).toEqual({ env: {}, count: 1 });
    expect(await bodyIn('chat')).toEqual({ env: {}, count: 2 });
    expect(await bodyIn('other')).toEqual({ env: {}, count: 1 });
  });

  it('that cannot be loaded say so at once, also to those that wait', async () => {
    const url = moduleOf('export const other = 1;');
    const session = steps.open(specOf({ pre: url }), facts);
    const answers = await Promise.all([pre(session, {}), pre(session, {}), pre(session, {})]);
    for (const one of answers) expect(one).toMatchObject({ code: 'step_failed' });
    expect(JSON.stringify(said)).toContain('does not export');
  });

  it('wait in a bounded queue, and drop what was closed in between', async () => {
    const url = moduleOf('export const pre = () => new Promise((done) => setTimeout(done, 50));');
    const spec = specOf({ pre: url, queueDepthMax: 2 });
    const first = pre(steps.open(spec, facts), {});
    const left = steps.open(spec, facts);
    let heard = false;
    left.pre(encode({}), () => {
      heard = true;
    });
    left.close();
    const third = pre(steps.open(spec, facts), {});
    expect(await pre(steps.open(spec, facts), {})).toMatchObject({ code: 'overloaded' });
    expect(await first).toMatchObject({ body: '{}' });
    expect(await third).toMatchObject({ body: '{}' });
    expect(heard).toBe(false);
  });

  it('that are too many are told when the queue should be worked off', async () => {
    const url = moduleOf('export const pre = () => new Promise((done) => setTimeout(done, 600));');
    const spec = specOf({ pre: url, queueDepthMax: 3 });
    await pre(steps.open(spec, facts), {});
    for (let waiting = 0; waiting < 4; waiting++) void pre(steps.open(spec, facts), {});
    const refused = await pre(steps.open(spec, facts), {});
    expect(refused).toMatchObject({ code: 'overloaded', retryAfterMs: expect.any(Number) });
    expect(Number(Reflect.get(Object(refused), 'retryAfterMs'))).toBeGreaterThan(1700);
  });

  it('are not heard but by what they give back', async () => {
    const url = moduleOf(`
      import { parentPort, workerData } from 'node:worker_threads';
      export function pre({ noise }) {
        parentPort.postMessage(noise);
        return { found: Object.keys(workerData).filter((name) => workerData[name] !== undefined) };
      }`);
    const spec = specOf({ pre: url });
    for (const noise of [null, 'loaded', 7, {}, { kind: 'shout' }, { kind: 'unloadable' }, { kind: 'bytes' }])
      expect(await pre(steps.open(spec, facts), { noise })).toMatchObject({ body: '{"found":["pre"]}' });
  });
});
