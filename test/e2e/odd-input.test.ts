import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  eventually,
  millrace,
  removeHome,
  startPlatform,
  type Json,
  type RunningPlatform,
} from './platform.ts';
import { deploy } from './release-scenes.ts';

function taskOf(content: string) {
  return { model: 'chat', body: { model: 'chat', messages: [{ role: 'user', content }] } };
}

interface Odd {
  readonly text?: string | Buffer;
  readonly key?: string;
  readonly deadline?: string;
}

/** A request that wants to be a task, with headers of its own. */
function post({ url, key: secret }: RunningPlatform, path: string, odd: Odd): Promise<Response> {
  const { text = JSON.stringify(taskOf('x')), key, deadline } = odd;
  const headers = {
    authorization: `Bearer ${secret}`,
    prefer: 'respond-async',
    ...(key !== undefined && { 'idempotency-key': key }),
    ...(deadline !== undefined && { 'x-deadline-ms': deadline }),
  };
  return fetch(url + path, { method: 'POST', headers, body: text });
}

describe('odd input is told what is odd about it', { timeout: 120_000 }, () => {
  let platform: RunningPlatform;
  beforeAll(async () => {
    platform = await startPlatform();
    await deploy(platform);
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    removeHome(platform.home);
  });

  async function ended(path: string): Promise<Json> {
    return eventually(async () => {
      const { body } = await call(platform, `GET ${path}`);
      return /succeeded|failed|completed/.test(body.status) ? body : undefined;
    }, `the end of ${path}`);
  }

  it('a task that the engine refuses has the words of the engine', async () => {
    const { body } = await call(platform, 'POST /v1/tasks', { model: 'chat', body: {} });
    const task = await ended(`/v1/tasks/${body.task_id}`);
    expect(task).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_request', message: '"messages" is missing.' },
    });
  });

  it.each(['/v1/tasks', '/v1/files', '/v1/batches'])(
    '%s is not listed from behind what is no id',
    async (path) => {
      const odd = await call(platform, `GET ${path}?after=page2`);
      expect(odd).toMatchObject({ status: 400, body: { error: { param: 'after' } } });
      expect(odd.body.error.message).toContain('the last id of the page before');
    },
  );

  it('a list in which one key stands for two requests is none: neither is run for the other', async () => {
    const [one, other] = ['a', 'b'].map((content) => ({ ...taskOf(content), idempotency_key: 'twice' }));
    const mixed = await call(platform, 'POST /v1/tasks', { tasks: [one, other] });
    expect(mixed).toMatchObject({ status: 409, body: { error: { code: 'idempotency_conflict' } } });
    const again = await call(platform, 'POST /v1/tasks', { tasks: [other] });
    expect(again).toMatchObject({ status: 202, body: { object: 'list', data: [{ model: 'chat' }] } });
  });

  it('a key beside a list is one for each place of it; one that is too long is refused, not cut', async () => {
    const tasks = ['a', 'b'].map(taskOf);
    const ids = async (): Promise<string[]> => {
      const answer = await post(platform, '/v1/tasks', { key: 'beside', text: JSON.stringify({ tasks }) });
      const { data }: Json = await answer.json();
      return data.map(({ task_id: id }: Json) => id);
    };
    const first = await ids();
    expect(new Set(first).size).toBe(2);
    expect(await ids()).toEqual(first);
    const key = 'k'.repeat(256);
    for (const path of ['/v1/tasks', '/v1/chat/completions'])
      expect([path, (await post(platform, path, { key })).status]).toEqual([path, 400]);
  });

  it('a task whose deadline is beyond all dates is shown, and hides no other', async () => {
    const text = JSON.stringify(taskOf('x').body);
    const answer = await post(platform, '/v1/chat/completions', { text, deadline: '1e18' });
    expect(answer.status).toBe(202);
    expect((await call(platform, 'GET /v1/tasks')).status).toBe(200);
  });

  it.each(['/v1/tasks', '/api/v1/audit'])('%s from a time that nobody meant', async (path) => {
    const odd = await call(platform, `GET ${path}?from=release%202`);
    expect(odd).toMatchObject({ status: 400, body: { error: { param: 'from' } } });
  });

  it('a body that is not UTF-8', async () => {
    const text = Buffer.from(JSON.stringify(taskOf('\u00e9')), 'latin1');
    const answer = await post(platform, '/v1/tasks', { text });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_json' } });
  });

  it.each(['/v1/tasks', '/v1/chat/completions', '/v1/feedback', '/api/v1/apply'])(
    '%s is sent what is nested without end',
    async (path) => {
      const body = `{"model":"chat","messages":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
      const headers = { authorization: `Bearer ${platform.key}`, 'content-type': 'application/json' };
      const answer = await fetch(platform.url + path, { method: 'POST', headers, body });
      expect([answer.status, Object(await answer.json()).error.code]).toEqual([400, 'invalid_json']);
    },
  );

  it.each([
    ['/v1/inference', { input_text: 5 }, '"input_text" must be a text, not 5.'],
    [
      '/v1/inference',
      { inputs: [], input_text: 'x' },
      'With "inputs" there is no "input_text". Leave it out.',
    ],
    ['/v1/messages', { max_tokens: 5 }, '"messages" is missing.'],
  ])('a task of %s with %j says which field is wrong', async (endpoint, body, message) => {
    const { body: task } = await call(platform, 'POST /v1/tasks', { model: 'chat', endpoint, body });
    expect(await ended(`/v1/tasks/${task.task_id}`)).toMatchObject({ status: 'failed', error: { message } });
  });

  it('a plain question without its text', async () => {
    const odd = await call(platform, 'POST /v1/inference', { model: 'chat', input_text: '' });
    expect(odd).toMatchObject({ status: 400, body: { error: { param: 'input_text' } } });
    expect(odd.body.error.message).toBe('"input_text" must not be empty.');
  });

  it('the file of a batch may begin with a byte order mark', async () => {
    const messages = [{ role: 'user', content: 'x' }];
    const line = {
      custom_id: 'a',
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'chat', messages },
    };
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([`\ufeff${JSON.stringify(line)}\r\n`]), 'of-windows.jsonl');
    const headers = { authorization: `Bearer ${platform.key}` };
    const sent = await fetch(`${platform.url}/v1/files`, { method: 'POST', headers, body: form });
    const file: Json = await sent.json();
    const made = await call(platform, 'POST /v1/batches', {
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '1h',
    });
    const batch = await ended(`/v1/batches/${made.body.id}`);
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 1, completed: 1 } });
  });

  it('a batch from the command line that has failed, and a file that is not there', async () => {
    const failed = await millrace(platform, 'batches', 'submit', 'package.json', '--wait');
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringContaining('Line 1: The line is not JSON'),
    ]);
    const absent = await millrace(platform, 'infer', 'chat', '--inputs', '@/not/there.json');
    expect([absent.code, absent.stderr]).toEqual([2, expect.stringContaining('Cannot read /not/there.json')]);
  });

  it('a key that would never be good', async () => {
    const late = await millrace(platform, 'keys', 'create', 'late', '--expires', '2020-01-01');
    expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('is over already')]);
  });

  it('several endpoints after one flag', async () => {
    const urls = ['http://127.0.0.1:9', 'http://127.0.0.1:10'];
    const args = ['deploy', 'chat@1', '--name', 'far', '--engine', 'openai', '--endpoint', ...urls];
    const made = await millrace(platform, ...args);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const { body } = await call(platform, 'GET /api/v1/deployments/far');
    expect(body.spec.engine).toMatchObject({ name: 'openai', urls });
  });

  it('a release by hand of what serves already, or beside another one', async () => {
    const same = await millrace(platform, 'release', 'start', 'chat', '1');
    expect([same.code, same.stderr]).toEqual([1, expect.stringContaining('serves version 1 already')]);
    expect((await millrace(platform, 'release', 'start', 'chat', '2')).code).toBe(0);
    const second = await millrace(platform, 'release', 'start', 'chat', '2');
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('is not over')]);
    expect((await call(platform, 'GET /api/v1/releases')).body.items).toHaveLength(1);
  });
});
