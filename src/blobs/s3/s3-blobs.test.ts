import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Blobs } from '#contracts';
import { openBucket, type Bucket } from '#s3';
import { begin, digestOf, noise, readAll, store, testBlobs, write } from '../../../test/conformance/blobs.ts';
import { startS3, type S3Server } from '../../../test/conformance/s3-server.ts';
import { createS3Blobs } from './s3-blobs.ts';

const megabyte = 1024 * 1024;
let server: S3Server;
let bucket: Bucket;
let made = 0;

beforeAll(async () => {
  server = await startS3();
  bucket = await openBucket(server.settings, server.bucket);
});

afterAll(async () => {
  bucket.close();
  await server.close();
});

const prefixNow = (): string => `home-${made}/`;

function open(): Promise<Blobs> {
  const { settings, bucket: name } = server;
  return createS3Blobs({ settings, bucket: name, prefix: prefixNow(), clock: { nowMs: Date.now } });
}

function create(): Promise<Blobs> {
  made += 1;
  return open();
}

async function keysNow(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of bucket.list(prefixNow())) keys.push(key.slice(prefixNow().length));
  return keys;
}

testBlobs({ name: 's3', create });

describe('objects', () => {
  test('a blob is one object under its digest; its upload leaves nothing behind', async () => {
    const blobs = await create();
    const bytes = noise(20 * megabyte);
    await store(blobs, 'u', bytes);
    const hex = digestOf(bytes).slice('sha256:'.length);
    expect(await keysNow()).toEqual([`sha256/${hex.slice(0, 2)}/${hex}`]);
    expect(bytes.equals(await readAll(blobs, digestOf(bytes)))).toBe(true);
  });

  test('an upload goes on in another process from what was acknowledged', async () => {
    const bytes = noise(3 * megabyte);
    const announced = { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) };
    const before = await create();
    await begin(before, announced);
    await write(before, 'u', megabyte, [bytes.subarray(megabyte)]);
    const after = await open();
    const ranges = [{ from: megabyte, to: bytes.length }];
    expect(await after.upload('u')).toEqual({ ...announced, received: ranges });
    await write(after, 'u', 0, [bytes.subarray(0, megabyte)]);
    expect(await after.commit('u')).toMatchObject({ ok: true });
    expect(bytes.equals(await readAll(before, digestOf(bytes)))).toBe(true);
  });

  test('what two wrote at once is there once', async () => {
    const bytes = noise(100_000);
    const [one, other] = [await create(), await open()];
    await begin(one, { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) });
    await Promise.all([
      write(one, 'u', 0, [bytes.subarray(0, 60_000)]),
      write(other, 'u', 40_000, [bytes.subarray(40_000)]),
    ]);
    expect(await other.commit('u')).toMatchObject({ ok: true });
    expect(bytes.equals(await readAll(one, digestOf(bytes)))).toBe(true);
  });

  test('an upload that nobody wrote to for a week is removed', async () => {
    const blobs = await create();
    await begin(blobs, { id: 'u', sizeBytes: 30 });
    await write(blobs, 'u', 0, [noise(10)]);
    const { settings, bucket: name } = server;
    const dayMs = 24 * 3600 * 1000;
    for (const [days, left] of [
      [6, 2],
      [8, 0],
    ] as const) {
      const clock = { nowMs: () => Date.now() + days * dayMs };
      await createS3Blobs({ settings, bucket: name, prefix: prefixNow(), clock });
      expect(await keysNow()).toHaveLength(left);
    }
  });

  test('a server that is away, or has no such bucket, is a problem and says so', async () => {
    const clock = { nowMs: Date.now };
    const { settings } = server;
    const away = { ...settings, endpoint: 'http://127.0.0.1:9' };
    for (const given of [
      { settings: away, bucket: 'models' },
      { settings, bucket: 'nowhere' },
    ]) {
      await expect(createS3Blobs({ ...given, prefix: '', clock })).rejects.toMatchObject({
        problem: { code: 'storage_unavailable' },
      });
    }
  });
});
