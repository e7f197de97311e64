import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createS3Blobs } from '#blobs';
import { digestOf, noise, readAll, store, testBlobs } from '../conformance/blobs.ts';
import { noSwift, startSwift, type SwiftServer } from '../conformance/swift-server.ts';

const asked = process.env['MILLRACE_TEST_S3'] === '1';
const missing = asked ? noSwift() : 'it takes a while: npm run test:s3';
const why = missing === undefined ? '' : ` (skipped: ${missing})`;
/** Each object is written by three processes, and this suite runs beside others. */
vi.setConfig({ testTimeout: 120_000 });
const bucket = 'models';
const clock = { nowMs: Date.now };

/** `npm run test:s3`: a server that checks signatures, where Debian's packages of OpenStack Swift are installed. */
describe.skipIf(missing !== undefined)(`S3 with signatures${why}`, () => {
  let swift: SwiftServer;
  let made = 0;

  beforeAll(async () => {
    swift = await startSwift();
    const { endpoint = '', region, credentials } = swift.settings;
    const client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId: credentials?.accessKeyId ?? '', secretAccessKey: 'testing' },
    });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
  }, 60_000);
  afterAll(async () => {
    await swift.stop();
  });

  const create = () => {
    made += 1;
    return createS3Blobs({ settings: swift.settings, bucket, prefix: `home-${made}/`, clock });
  };

  testBlobs({ name: 's3 on Swift', create });

  test('a long blob goes in by a multipart upload and comes back whole', async () => {
    const blobs = await create();
    const bytes = noise(40 * 1024 * 1024);
    await store(blobs, 'long', bytes);
    expect(bytes.equals(await readAll(blobs, digestOf(bytes)))).toBe(true);
  }, 60_000);

  test('a wrong secret is refused, and nothing of it is told', async () => {
    const credentials = { accessKeyId: 'test:tester', secretAccessKey: 'wrong-secret' };
    const settings = { ...swift.settings, credentials };
    const opening = createS3Blobs({ settings, bucket, prefix: '', clock });
    await expect(opening).rejects.toMatchObject({ problem: { code: 'storage_unavailable' } });
    await expect(opening).rejects.toThrow(/Check the credentials/);
    await expect(opening).rejects.not.toThrow(/wrong-secret/);
  });
});
