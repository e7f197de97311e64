import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { describe, expect, it } from 'vitest';
import { call, eventually, makeHome, millrace, type Json, type RunningPlatform } from './platform.ts';
import { deployFake, sceneOfEachTest } from './scene.ts';

const { up } = sceneOfEachTest();

const clientOf = ({ url }: RunningPlatform, apiKey: string): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });

const endpoint = '/v1/chat/completions';

function line(customId: string, model: string, content = 'hello'): string {
  const body = { model, messages: [{ role: 'user', content }] };
  return JSON.stringify({ custom_id: customId, method: 'POST', url: endpoint, body });
}

async function upload(client: OpenAI, lines: readonly string[]) {
  const file = await toFile(Buffer.from(`${lines.join('\n')}\n`), 'requests.jsonl');
  return client.files.create({ file, purpose: 'batch' });
}

async function create(client: OpenAI, inputFile: string) {
  return client.batches.create({
    input_file_id: inputFile,
    endpoint,
    completion_window: '24h',
    metadata: { for: 'a test' },
  });
}

const over = ['completed', 'failed', 'cancelled', 'expired'];

async function ended(client: OpenAI, id: string) {
  return eventually(async () => {
    const batch = await client.batches.retrieve(id);
    return over.includes(batch.status) ? batch : undefined;
  }, `the end of ${id}`);
}

async function linesOf(client: OpenAI, file: string | null | undefined): Promise<Json[]> {
  if (file === null || file === undefined) return [];
  const text = await (await client.files.content(file)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));
}

async function keyOf(platform: RunningPlatform, tenant: string): Promise<string> {
  const resources = [
    { kind: 'Tenant', metadata: { name: tenant }, spec: {} },
    { kind: 'Key', metadata: { name: `of-${tenant}` }, spec: { tenant, scopes: ['infer'] } },
  ];
  const { body } = await call(platform, 'POST /api/v1/apply', { resources });
  return body.secrets[`of-${tenant}`];
}

describe('batches, asked by the official client', () => {
  it(
    'answers each line, says what was wrong with others, and is the tenant’s own',
    { timeout: 180_000 },
    async () => {
      const platform = await up();
      await deployFake(platform, 'quick', { text: 'forty two', concurrency: 8 });
      const client = clientOf(platform, await keyOf(platform, 'one'));
      const good = Array.from({ length: 30 }, (_, at) => line(`good-${at}`, 'quick'));
      const bad = [
        '{"custom_id": ',
        line('good-3', 'quick'),
        line('unknown', 'nobody'),
        line('wrong', 'quick', 'x').replace('"messages":[', '"messages":["no",'),
      ];
      const file = await upload(client, [...good, ...bad]);
      expect(file).toMatchObject({
        object: 'file',
        purpose: 'batch',
        filename: 'requests.jsonl',
        status: 'processed',
      });
      expect(file.bytes).toBe(Buffer.byteLength(`${[...good, ...bad].join('\n')}\n`));
      const batch = await create(client, file.id);
      expect(batch).toMatchObject({
        object: 'batch',
        endpoint,
        input_file_id: file.id,
        status: 'validating',
      });

      const done = await ended(client, batch.id);
      expect(done).toMatchObject({
        status: 'completed',
        request_counts: { total: 34, completed: 30, failed: 4 },
        metadata: { for: 'a test' },
      });
      const answers = await linesOf(client, done.output_file_id);
      expect(answers.map((each) => each.custom_id)).toEqual(good.map((_, at) => `good-${at}`));
      expect(answers[7]).toMatchObject({ error: null, response: { status_code: 200 } });
      expect(answers[7].response.body.choices[0].message.content).toBe('forty two');
      const errors = await linesOf(client, done.error_file_id);
      expect(errors).toMatchObject([
        { custom_id: null, error: { code: 'invalid_json', line: 31 } },
        { custom_id: null, error: { code: 'invalid_request', param: 'custom_id', line: 32 } },
        { custom_id: 'unknown', error: { code: 'model_not_found', line: 33 } },
        { custom_id: 'wrong', response: { status_code: 400 } },
      ]);

      expect((await client.batches.list()).data.map(({ id }) => id)).toEqual([batch.id]);
      expect((await client.files.list()).data).toHaveLength(3);
      expect((await client.files.list({ purpose: 'batch' })).data.map(({ id }) => id)).toEqual([file.id]);
      const stranger = clientOf(platform, await keyOf(platform, 'two'));
      expect((await stranger.files.list()).data).toEqual([]);
      await expect(stranger.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
      await expect(stranger.files.content(done.output_file_id ?? '')).rejects.toMatchObject({ status: 404 });
      await expect(stranger.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 404 });
      await expect(create(stranger, file.id)).rejects.toMatchObject({ status: 404 });

      expect(await client.files.delete(file.id)).toMatchObject({ id: file.id, deleted: true });
      await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
      await client.files.delete((await upload(client, good)).id);
      const left: (string | null | undefined)[] = [];
      // Page by page: those that are deleted do not cut the list short.
      for await (const { id } of await client.files.list({ limit: 1 })) left.push(id);
      expect(new Set(left)).toEqual(new Set([done.output_file_id, done.error_file_id]));
      const brief = await client.files.create({
        file: await toFile(Buffer.from('{}'), 'brief.jsonl'),
        purpose: 'batch',
        expires_after: { anchor: 'created_at', seconds: 1 },
      });
      await eventually(
        async () =>
          client.files.retrieve(brief.id).then(
            () => false,
            (fault) => fault.status === 404,
          ),
        'the file to expire',
      );
    },
  );

  it('is cancelled: what was answered by then is kept', { timeout: 180_000 }, async () => {
    const platform = await up();
    await deployFake(platform, 'slow', { tokens: 10, tokenMs: 50, concurrency: 2 });
    const client = clientOf(platform, platform.key);
    const lines = Array.from({ length: 200 }, (_, at) => line(`n${at}`, 'slow'));
    const file = await client.files.create({
      file: await toFile(Buffer.from(lines.join('\n')), 'requests.jsonl'),
      purpose: 'batch',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    const batch = await create(client, file.id);
    expect((await client.files.retrieve(file.id)).expires_at).toBeGreaterThan(batch.expires_at ?? Infinity);
    await expect(client.files.delete(file.id)).rejects.toMatchObject({ status: 409, code: 'in_use' });
    await eventually(async () => {
      const { request_counts: counts } = await client.batches.retrieve(batch.id);
      return (counts?.completed ?? 0) > 3;
    }, 'the first answers');
    expect((await client.batches.cancel(batch.id)).status).toBe('cancelling');
    const done = await ended(client, batch.id);
    expect(done.status).toBe('cancelled');
    const { completed = 0, failed = 0, total } = done.request_counts ?? {};
    expect([total, completed + failed]).toEqual([200, 200]);
    expect(await linesOf(client, done.output_file_id)).toHaveLength(completed);
    const errors = await linesOf(client, done.error_file_id);
    expect(errors).toHaveLength(failed);
    expect(errors.at(-1)?.error.code).toBe('task_cancelled');
    await expect(client.batches.cancel(batch.id)).resolves.toMatchObject({ status: 'cancelled' });
    await expect(client.files.delete(file.id)).resolves.toMatchObject({ deleted: true });
  });

  it('goes on after kill -9: every line once', { timeout: 180_000 }, async () => {
    const home = makeHome();
    const args = ['--set', 'tasks.leaseMs=2000'];
    const platform = await up({ home, args });
    await deployFake(platform, 'slow', { tokens: 10, tokenMs: 20, concurrency: 4 });
    const client = clientOf(platform, platform.key);
    const ids = Array.from({ length: 150 }, (_, at) => `line-${at}`);
    const file = await upload(
      client,
      ids.map((id) => line(id, 'slow')),
    );
    const batch = await create(client, file.id);
    let now = platform;
    for (const least of [10, 60]) {
      const asking = clientOf(now, now.key);
      await eventually(async () => {
        const { request_counts: counts } = await asking.batches.retrieve(batch.id);
        return (counts?.completed ?? 0) >= least;
      }, `${least} answers`);
      await now.kill();
      now = await up({ home, args });
    }
    const again = clientOf(now, now.key);
    const done = await ended(again, batch.id);
    expect(done).toMatchObject({
      status: 'completed',
      request_counts: { total: 150, completed: 150, failed: 0 },
    });
    expect(done.error_file_id).toBeNull();
    const answers = await linesOf(again, done.output_file_id);
    expect(answers.map((each) => each.custom_id)).toEqual(ids);
    expect(new Set(answers.map((each) => each.id)).size).toBe(150);
    expect((await again.files.list({ purpose: 'batch_output' })).data).toHaveLength(1);
  });

  it(
    'is handed in by the command line, which waits and shows the answers',
    { timeout: 120_000 },
    async () => {
      const platform = await up();
      await deployFake(platform, 'quick', { text: 'forty two' });
      const path = join(platform.home, 'requests.jsonl');
      writeFileSync(path, `${line('a', 'quick')}\n${line('b', 'quick')}\n`);
      const done = await millrace(platform, 'batches', 'submit', path, '--wait');
      expect([done.code, done.stderr.includes('2 of 2 lines')]).toEqual([0, true]);
      expect(done.stdout).toMatch(/^.*"custom_id":"a".*forty two.*\n.*"custom_id":"b".*forty two.*\n$/);
      const listed = await millrace(platform, 'batches', 'list');
      expect(listed.stdout).toMatch(/batch_\w+ +completed +\/v1\/chat\/completions +2\/2 +0/);
    },
  );

  it('takes a long file in as it comes, and refuses what is none', { timeout: 180_000 }, async () => {
    const platform = await up({ args: ['--set', 'files.bytesMax=30000000'] });
    const client = clientOf(platform, platform.key);
    const long = line('x', 'nobody', 'y'.repeat(1_000_000));
    const file = await upload(
      client,
      Array.from({ length: 25 }, () => long),
    );
    const content = Buffer.from(await (await client.files.content(file.id)).arrayBuffer());
    expect(content.equals(Buffer.from(`${Array.from({ length: 25 }, () => long).join('\n')}\n`))).toBe(true);
    const tooLong = upload(
      client,
      Array.from({ length: 35 }, () => long),
    );
    await expect(tooLong).rejects.toMatchObject({ status: 413, code: 'payload_too_large' });
    const name = `${'a'.repeat(511)}😀.jsonl`;
    const odd = await client.files.create({ file: await toFile(Buffer.from('{}'), name), purpose: 'batch' });
    expect(odd.filename).toBe('a'.repeat(511));
    expect(await (await client.files.content(odd.id)).text()).toBe('{}');
    await client.files.delete(odd.id);
    const body = new FormData();
    body.set('purpose', 'fine-tune');
    body.set('file', new Blob(['{}']), 'x.jsonl');
    const headers = { authorization: `Bearer ${platform.key}` };
    const wrong = await fetch(`${platform.url}/v1/files`, { method: 'POST', headers, body });
    const refused: Json = await wrong.json();
    expect([wrong.status, refused.error.param]).toEqual([400, 'purpose']);
    const plain = await fetch(`${platform.url}/v1/files`, { method: 'POST', headers, body: 'x' });
    expect(plain.status).toBe(400);
    expect((await client.files.list()).data).toHaveLength(1);
    await expect(create(client, file.id)).resolves.toMatchObject({ status: 'validating' });
  });
});
