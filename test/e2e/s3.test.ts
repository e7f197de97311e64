import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBucket, type Bucket } from '#s3';
import { startS3, type S3Server } from '../conformance/s3-server.ts';
import {
  call,
  eventually,
  readyReplica,
  removeHome,
  repository,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

let server: S3Server;
let bucket: Bucket;
let platform: RunningPlatform;

beforeAll(async () => {
  server = await startS3();
  bucket = await openBucket(server.settings, server.bucket);
  platform = await startPlatform({
    env: {
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      MILLRACE_BLOBS_KIND: 's3',
      MILLRACE_BLOBS_BUCKET: server.bucket,
      MILLRACE_S3_ENDPOINT: server.settings.endpoint ?? '',
    },
  });
}, 120_000);

afterAll(async () => {
  await platform.stop();
  removeHome(platform.home);
  bucket.close();
  await server.close();
});

async function keys(prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { key } of bucket.list(prefix)) found.push(key);
  return found;
}

it('a model comes from a bucket, is kept in a bucket, and runs', { timeout: 120_000 }, async () => {
  const file = readFileSync(join(repository, 'models/demo/demo-q8_0.gguf'));
  await bucket.put('shelf/demo.gguf', file);
  const spec = { model: 'stored', version: '1' };
  const resources = [
    { kind: 'Model', metadata: { name: 'stored' }, spec: { task: 'chat' } },
    {
      kind: 'ModelVersion',
      metadata: { name: 'stored.1' },
      spec: { ...spec, source: `s3://${server.bucket}/shelf/demo.gguf` },
    },
    {
      kind: 'Deployment',
      metadata: { name: 'stored' },
      spec: { ...spec, engine: { name: 'llama', options: {} } },
    },
  ];
  expect((await call(platform, 'POST /api/v1/apply', { resources })).status).toBe(200);
  await readyReplica(platform, 'stored');
  const { body: version } = await call(platform, 'GET /api/v1/modelversions/stored.1');
  const hex = version.status.digest.slice('sha256:'.length);
  expect(await keys('millrace/models/')).toEqual([`millrace/models/sha256/${hex.slice(0, 2)}/${hex}`]);
  expect(existsSync(join(platform.home, 'blobs/sha256', hex.slice(0, 2), hex))).toBe(true);
  const asked = { model: 'stored', messages: [{ role: 'user', content: 'What is the capital of France?' }] };
  const { body: answer } = await call(platform, 'POST /v1/chat/completions', { ...asked, temperature: 0 });
  expect(answer.choices[0].message.content).toContain('Paris');
});

it('long inputs of tasks are there while they are needed', { timeout: 120_000 }, async () => {
  const name = 'fake';
  const spec = { model: name, version: '1' };
  const resources = [
    { kind: 'Model', metadata: { name }, spec: {} },
    { kind: 'ModelVersion', metadata: { name: `${name}.1` }, spec: { ...spec, source: 'none' } },
    { kind: 'Deployment', metadata: { name }, spec: { ...spec, engine: { name, options: { text: 'yes' } } } },
  ];
  expect((await call(platform, 'POST /api/v1/apply', { resources })).status).toBe(200);
  await readyReplica(platform, name);
  const body = { messages: [{ role: 'user', content: 'x'.repeat(200_000) }] };
  const { body: task } = await call(platform, 'POST /v1/tasks', { model: name, body, ttl_s: 2 });
  expect(await keys('millrace/tasks/sha256/')).toHaveLength(1);
  const result = await eventually(async () => {
    const { status, body: said } = await call(platform, `GET /v1/tasks/${task.task_id}/result`);
    return status === 200 ? said : undefined;
  }, 'the answer');
  expect(result.choices[0].message.content).toBe('yes');
  await eventually(async () => (await keys('millrace/tasks/')).length === 0, 'the blob to go with its task');
});
