import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs, Clock } from '#contracts';
import { noSuchUpload } from '../upload-rules.ts';
import { createBlobFiles } from './blob-files.ts';
import { createUploads, removeAbandoned } from './uploads.ts';

interface DiskBlobsDeps {
  /** Made when missing. Processes may share it, where each upload is written by one of them. */
  readonly dir: string;
  readonly clock?: Pick<Clock, 'nowMs'> | undefined;
  /** An upload that nobody has written to for this long is removed at the start. Seven days when absent. */
  readonly abandonedAfterMs?: number | undefined;
}

const weekMs = 7 * 24 * 3600 * 1000;

/** Blobs as read-only files under the names of their digests; uploads beside them, resumable after kill -9. */
export async function createDiskBlobs(deps: DiskBlobsDeps): Promise<Blobs> {
  const { dir, clock = { nowMs: Date.now }, abandonedAfterMs = weekMs } = deps;
  for (const part of ['sha256', 'uploads']) await mkdir(join(dir, part), { recursive: true, mode: 0o700 });
  await removeAbandoned(dir, clock.nowMs() - abandonedAfterMs);
  const files = createBlobFiles(dir);
  const uploads = createUploads(dir);

  return {
    begin: (upload) => uploads.begin(upload),
    async write(id, offset, bytes) {
      const upload = await uploads.find(id);
      return upload ? await upload.receive(offset, bytes) : { ok: false, problem: noSuchUpload(id) };
    },
    upload: async (id) => (await uploads.find(id))?.state(),
    async commit(id) {
      const upload = await uploads.find(id);
      if (!upload) return { ok: false, problem: noSuchUpload(id) };
      const committed = await upload.commit(files);
      if (upload.isOver()) await uploads.release(id);
      return committed;
    },
    async abort(id) {
      const upload = await uploads.find(id);
      await upload?.abort();
      await uploads.release(id);
    },
    stat: (digest) => files.find(digest),
    read: (digest, range) => files.read(digest, range),
    list: () => files.list(),
    delete: (digest) => files.remove(digest),
    localPath: (digest) => files.pathOf(digest),
  };
}
