import { expect, test } from 'vitest';
import { begin, store, testBlobs } from '../../../test/conformance/blobs.ts';
import { createMemoryBlobs } from './memory-blobs.ts';

testBlobs({ name: 'memory', create: () => createMemoryBlobs() });

test('it takes no more than it has room for, and has room again after a delete', async () => {
  const blobs = createMemoryBlobs({ capacityBytes: 100 });
  await store(blobs, 'a', Buffer.alloc(60));
  expect(await blobs.begin({ id: 'b', sizeBytes: 50 })).toMatchObject({
    ok: false,
    problem: { code: 'storage_full' },
  });
  const [blob] = await blobs.list();
  await blobs.delete(blob?.digest ?? '');
  expect(await begin(blobs, { id: 'b', sizeBytes: 50 })).toMatchObject({ received: [] });
});
