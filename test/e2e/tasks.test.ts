import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { noPostgres, startPostgres } from '../conformance/postgres-server.ts';
import {
  call,
  eventually,
  lifeOf,
  makeHome,
  millrace,
  readyReplica,
  type Json,
  type RunningPlatform,
} from './platform.ts';
import { deployFake, sceneOfEachTest } from './scene.ts';

const { up } = sceneOfEachTest();

const chat = (model: string, content = 'hello there') => ({
  model,
  messages: [{ role: 'user', content }],
});

async function submit(platform: RunningPlatform, request: object): Promise<Json> {
  const { status, body } = await call(platform, 'POST /v1/tasks', request);
  expect([status, body.error]).toEqual([202, undefined]);
  return body;
}

async function ended(platform: RunningPlatform, id: string): Promise<Json> {
  return eventually(async () => {
    const { body } = await call(platform, `GET /v1/tasks/${id}`);
    return ['queued', 'leased', 'running'].includes(body.status) ? undefined : body;
  }, `the end of ${id}`);
}

describe('durable tasks', () => {
  it(
    'a request is handed in, run, and its answer fetched, as often as one likes',
    { timeout: 120_000 },
    async () => {
      const platform = await up();
      await deployFake(platform, 'quick', { text: 'forty two' });
      const task = await submit(platform, {
        model: 'quick',
        body: { messages: [{ role: 'user', content: 'x' }] },
      });
      expect(task).toMatchObject({ status: 'queued', model: 'quick', attempts: 0 });
      expect(await ended(platform, task.task_id)).toMatchObject({ status: 'succeeded', attempts: 1 });
      const result = await call(platform, `GET /v1/tasks/${task.task_id}/result`);
      expect(result.status).toBe(200);
      expect(result.body.choices[0].message.content).toBe('forty two');
      expect(result.headers.get('x-millrace-model')).toBe('quick@1');

      const embedding = await submit(platform, {
        model: 'quick',
        endpoint: '/v1/embeddings',
        body: { input: 'x' },
      });
      await ended(platform, embedding.task_id);
      const vector = await call(platform, `GET /v1/tasks/${embedding.task_id}/result`);
      expect(vector.body.data[0].embedding).toHaveLength(64);

      const plain = await submit(platform, {
        model: 'quick',
        endpoint: '/v1/inference',
        body: { input_text: 'x' },
      });
      await ended(platform, plain.task_id);
      const answer = await call(platform, `GET /v1/tasks/${plain.task_id}/result`);
      expect(answer.body).toMatchObject({
        model: 'quick',
        version: '1',
        predictions: [{ text: 'forty two' }],
      });

      const message = await submit(platform, {
        model: 'quick',
        endpoint: '/v1/messages',
        body: { max_tokens: 10, messages: [{ role: 'user', content: 'x' }] },
      });
      await ended(platform, message.task_id);
      const said = await call(platform, `GET /v1/tasks/${message.task_id}/result`);
      expect(said.body).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'forty two' }] });

      const wrong = await submit(platform, { model: 'quick', body: { messages: 'nonsense' } });
      expect(await ended(platform, wrong.task_id)).toMatchObject({ status: 'failed', attempts: 1 });
      expect((await call(platform, `GET /v1/tasks/${wrong.task_id}/result`)).status).toBe(400);
      expect((await call(platform, 'POST /v1/tasks', { model: 'none', body: {} })).status).toBe(404);

      const listed = async (...flags: string[]) =>
        (await millrace(platform, 'tasks', 'list', ...flags)).stdout.match(/^task_\w+/gm) ?? [];
      expect(await listed('--tenant', 'default', '--from', '1h')).toHaveLength(5);
      expect(await listed('--tenant', 'nobody')).toEqual([]);
      expect(await listed('--until', task.created_at)).toEqual([]);
      expect(await listed('--from', embedding.created_at, '--status', 'failed')).toEqual([wrong.task_id]);
      expect(await millrace(platform, 'tasks', 'list', '--from', 'soon')).toMatchObject({ code: 2 });
    },
  );

  it('Prefer: respond-async makes a task of a request that is slow', { timeout: 120_000 }, async () => {
    const platform = await up();
    await deployFake(platform, 'slow', { tokens: 20, tokenMs: 100 });
    await deployFake(platform, 'fast', { text: 'at once' });
    const ask = (model: string, prefer: string, headers: object = {}) =>
      fetch(`${platform.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${platform.key}`, prefer, ...headers },
        body: JSON.stringify(chat(model)),
      });
    const deferred = await ask('slow', 'respond-async');
    expect(deferred.status).toBe(202);
    expect(deferred.headers.get('preference-applied')).toBe('respond-async');
    const task: Json = await deferred.json();
    expect(deferred.headers.get('location')).toBe(`/v1/tasks/${task.task_id}`);
    const quick = await ask('fast', 'respond-async, wait=20');
    expect(quick.status).toBe(200);
    expect(JSON.parse(await quick.text()).choices[0].message.content).toBe('at once');
    const late = await ask('slow', 'respond-async, wait=1', { 'idempotency-key': 'once' });
    expect(late.status).toBe(202);
    const again: Json = await (await ask('slow', 'respond-async', { 'idempotency-key': 'once' })).json();
    expect(again.task_id).toBe(JSON.parse(await late.text()).task_id);
    expect(await ended(platform, task.task_id)).toMatchObject({ status: 'succeeded' });
  });

  it('tells how far it is, and a cancel stops the engine', { timeout: 120_000 }, async () => {
    const platform = await up();
    await deployFake(platform, 'endless', { tokens: 100_000, tokenMs: 20 });
    const replica = await readyReplica(platform, 'endless');
    const body = { messages: [{ role: 'user', content: 'x' }], stream: true };
    const { task_id: id } = await submit(platform, { model: 'endless', body });
    const response = await fetch(`${platform.url}/v1/tasks/${id}/events`, {
      headers: { authorization: `Bearer ${platform.key}` },
    });
    let told = '';
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (!told.includes('"chunks":')) told += (await reader?.read())?.value ?? '';
    expect(told).toContain('event: status');
    expect((await lifeOf(replica)).active).toBe(1);
    const cancelled = await call(platform, `DELETE /v1/tasks/${id}`);
    expect(cancelled.body.status).toBe('cancelled');
    await eventually(async () => (await lifeOf(replica)).active === 0, 'the engine to stop');
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) told += part.value;
    expect(told).toMatch(/"status":"cancelled".*event: end/s);
    expect((await call(platform, `GET /v1/tasks/${id}/result`)).body.error.code).toBe('task_cancelled');
  });

  it(
    'nothing acknowledged is lost when the platform is killed in the middle',
    { timeout: 180_000 },
    async () => {
      const home = makeHome();
      const platform = await up({ home, args: ['--set', 'tasks.leaseMs=2000'] });
      await deployFake(platform, 'slow', { tokens: 10, tokenMs: 30, concurrency: 8 });
      const acknowledged: string[] = [];
      const submitting = (async () => {
        for (let at = 0; ; at += 1) {
          const task = await submit(platform, { model: 'slow', body: chat('slow', `number ${at}`) });
          acknowledged.push(task.task_id);
        }
      })().catch(() => undefined);
      await eventually(async () => acknowledged.length > 60, 'sixty tasks');
      await platform.kill();
      await submitting;
      const again = await up({ home, args: ['--set', 'tasks.leaseMs=2000'] });
      const large = 'x'.repeat(200_000);
      const big = await submit(again, { model: 'slow', body: chat('slow', large) });
      acknowledged.push(big.task_id);
      for (const id of acknowledged) expect([id, (await ended(again, id)).status]).toEqual([id, 'succeeded']);
      const counts = await call(again, 'GET /v1/tasks/counts');
      const succeeded = counts.body.data.find((one: Json) => one.status === 'succeeded');
      expect(succeeded.count).toBeGreaterThanOrEqual(acknowledged.length);
    },
  );

  it(
    'a webhook hears of the end, signed, and again when it was not there',
    { timeout: 120_000 },
    async () => {
      const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
      const server = createServer((request, response) => {
        void (async () => {
          heard.push({ headers: request.headers, body: await text(request) });
          response.writeHead(heard.length === 1 ? 503 : 200).end();
        })();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const webhook = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
      const strict = await up();
      await deployFake(strict, 'quick', { text: 'done' });
      expect((await call(strict, 'POST /v1/tasks', { model: 'quick', body: {}, webhook })).status).toBe(400);
      const home = strict.home;
      await strict.stop();
      const platform = await up({ home, args: ['--set', 'tasks.webhooks.allowPrivate=true'] });
      await readyReplica(platform, 'quick');
      const task = await submit(platform, { model: 'quick', body: chat('quick'), webhook });
      await eventually(async () => heard.length === 2, 'two deliveries');
      server.close();
      const { secret } = (await call(platform, 'GET /v1/tasks/webhook-secret')).body;
      for (const { headers, body } of heard) {
        const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
        const key = Buffer.from(String(secret).slice('whsec_'.length), 'base64');
        expect(headers['webhook-signature']).toBe(
          `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
        );
        expect(JSON.parse(body)).toMatchObject({ type: 'task.succeeded', data: { task_id: task.task_id } });
      }
      expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    },
  );

  it('the same over PostgreSQL, whose server dies in between', { timeout: 240_000 }, async (context) => {
    if (noPostgres !== undefined) context.skip(noPostgres);
    const server = await startPostgres();
    const env = { MILLRACE_POSTGRES_URL: server.url };
    const home = makeHome();
    const args = ['--set', 'store=postgres', 'tasks.leaseMs=2000'];
    const platform = await up({ home, env, args });
    try {
      await deployFake(platform, 'slow', { tokens: 10, tokenMs: 30, concurrency: 8 });
      const acknowledged: string[] = [];
      const submitSome = async (): Promise<void> => {
        for (let at = 0; at < 30; at += 1) {
          const { status, body } = await call(platform, 'POST /v1/tasks', {
            model: 'slow',
            body: chat('slow'),
          });
          if (status === 202) acknowledged.push(body.task_id);
        }
      };
      const submitting = Promise.all([submitSome(), submitSome()]);
      await eventually(async () => acknowledged.length > 20, 'twenty tasks');
      await server.crashAndStart();
      await submitting;
      for (const id of acknowledged) {
        const task = await eventually(async () => {
          const { status, body } = await call(platform, `GET /v1/tasks/${id}`);
          return status === 200 && body.status === 'succeeded';
        }, `the end of ${id}`);
        expect(task).toBe(true);
      }
      await platform.kill();
      const again = await up({ home, env, args });
      expect((await call(again, `GET /v1/tasks/${acknowledged[0]}`)).body.status).toBe('succeeded');
      await again.stop();
    } finally {
      await platform.stop();
      await server.stop();
    }
  });

  it('from the command line: submit, watch, list, cancel, replay', { timeout: 240_000 }, async () => {
    const platform = await up();
    await deployFake(platform, 'quick', { text: 'forty two' });
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'x' }] });
    const asked = await millrace(platform, 'tasks', 'submit', 'quick', body, '--wait');
    expect([asked.code, JSON.parse(asked.stdout).choices[0].message.content]).toEqual([0, 'forty two']);
    expect(asked.stderr).toMatch(/task_\w+ succeeded \(attempt 1/);
    const later = await millrace(platform, 'tasks', 'submit', 'quick', body, '--delay', '1h');
    const id = later.stdout.trim();
    expect((await millrace(platform, 'tasks', 'cancel', id)).stdout).toContain('cancelled');
    expect((await millrace(platform, 'tasks', 'list', '--status', 'cancelled')).stdout).toContain(id);
    expect((await millrace(platform, 'tasks', 'replay', id)).stdout).toContain('queued');
    const watched = await millrace(platform, 'tasks', 'watch', id, '--json');
    expect(JSON.parse(watched.stdout).task).toMatchObject({ task_id: id, status: 'succeeded' });
    const again = await millrace(platform, 'tasks', 'replay', id);
    expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('hand it in again')]);
    expect((await millrace(platform, 'tasks', 'watch', 'task_none')).code).toBe(3);
  });

  it('a key sees the tasks of its own tenant alone', { timeout: 120_000 }, async () => {
    const platform = await up();
    await deployFake(platform, 'quick', { text: 'done' });
    await millrace(platform, 'tenants', 'create', 'other');
    const made = await millrace(platform, 'keys', 'create', 'theirs', '--tenant', 'other');
    const theirs = { ...platform, key: made.stdout.trim() };
    const mine = await submit(platform, { model: 'quick', body: chat('quick') });
    const their = await submit(theirs, { model: 'quick', body: chat('quick'), priority: 'critical' });
    // Its key allows no more.
    expect(their.priority).toBe('standard');
    expect((await call(theirs, `GET /v1/tasks/${mine.task_id}`)).status).toBe(404);
    expect((await call(theirs, `DELETE /v1/tasks/${mine.task_id}`)).status).toBe(404);
    const seen = (await call(theirs, 'GET /v1/tasks')).body.data.map((one: Json) => one.task_id);
    expect(seen).toEqual([their.task_id]);
    expect((await call(platform, 'GET /v1/tasks')).body.data).toHaveLength(2);
  });
});
