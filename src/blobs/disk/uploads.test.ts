import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createBlobFiles } from './blob-files.ts';
import { createDiskBlobs } from './disk-blobs.ts';
import { createUploads } from './uploads.ts';

const dir = mkdtempSync(join(tmpdir(), 'millrace-uploads-'));
afterAll(() => rmSync(dir, { recursive: true }));

test('nothing is kept of uploads that are over', async () => {
  await createDiskBlobs({ dir, clock: { nowMs: () => Date.now() } });
  const known: Parameters<typeof createUploads>[1] = new Map();
  const uploads = createUploads(dir, known);
  const files = createBlobFiles(dir);
  for (let at = 0; at < 5; at += 1) {
    const id = `upload-${at}`;
    await uploads.begin({ id, sizeBytes: 0 });
    expect(known.size).toBe(1);
    const upload = await uploads.find(id);
    await (at % 2 === 0 ? upload?.commit(files) : upload?.abort());
    expect(upload?.isOver()).toBe(true);
    await uploads.release(id);
    expect(known.size).toBe(0);
    expect(await uploads.find(id)).toBeUndefined();
    expect(known.size).toBe(0);
  }
});
