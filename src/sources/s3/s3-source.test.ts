import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBucket, type Bucket } from '#s3';
import { startS3, type S3Server } from '../../../test/conformance/s3-server.ts';
import { testSource } from '../../../test/conformance/source.ts';
import { createS3Source } from './s3-source.ts';

let server: S3Server;
let bucket: Bucket;

beforeAll(async () => {
  server = await startS3();
  bucket = await openBucket(server.settings, server.bucket);
});

afterAll(async () => {
  bucket.close();
  await server.close();
});

testSource({
  name: 's3',
  ranged: true,
  async prepare(content) {
    await bucket.put('q8/model.gguf', content);
    return {
      source: createS3Source(server.settings),
      uri: 's3://models/q8/model.gguf',
      missingUri: 's3://models/q8/other.gguf',
      replace: (other) => bucket.put('q8/model.gguf', other),
      close: async () => Promise.resolve(),
    };
  },
});

test('a bucket that is not there is said to be so', async () => {
  const opened = await createS3Source(server.settings).open('s3://nobody/x', new AbortController().signal);
  expect(opened).toMatchObject({ ok: false });
});
