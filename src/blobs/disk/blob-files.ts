import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blob, ByteRange, Digest } from '#contracts';
import { ProblemError } from '#schema';
import { clippedRange, isDigest, noSuchBlob } from '../upload-rules.ts';
import { ifThere } from './disk-fault.ts';
import { readPieces } from './read-pieces.ts';

export interface BlobFiles {
  find(digest: Digest): Promise<Blob | undefined>;
  list(): Promise<readonly Blob[]>;
  read(digest: Digest, range?: ByteRange): AsyncIterable<Uint8Array>;
  remove(digest: Digest): Promise<void>;
  pathOf(digest: Digest): Promise<string | undefined>;
  /** Gives a file its final name, for good: it is there after a power cut. */
  adopt(path: string, blob: Blob): Promise<void>;
}

/** The finished blobs: `sha256/ab/abcdef…`, read-only files. */
export function createBlobFiles(dir: string): BlobFiles {
  const root = join(dir, 'sha256');

  /** Only a digest becomes a path: nothing else leads out of the folder. */
  function place(digest: Digest): { folder: string; path: string } | undefined {
    if (!isDigest(digest)) return undefined;
    const hex = digest.slice('sha256:'.length);
    const folder = join(root, hex.slice(0, 2));
    return { folder, path: join(folder, hex) };
  }

  async function find(digest: Digest): Promise<Blob | undefined> {
    const at = place(digest);
    const found = at && (await ifThere(stat(at.path)));
    return found && { digest, sizeBytes: found.size };
  }

  return {
    find,
    async list() {
      const names = (await ifThere(readdir(root, { recursive: true }))) ?? [];
      const digests = names.map((name) => `sha256:${name.slice(3)}`).filter(isDigest);
      const found = await Promise.all(digests.toSorted().map(find));
      return found.filter((blob) => blob !== undefined);
    },
    async *read(digest, range) {
      const blob = await find(digest);
      const at = place(digest);
      if (!blob || !at) throw new ProblemError(noSuchBlob(digest));
      yield* readPieces(at.path, clippedRange(range, blob.sizeBytes));
    },
    async remove(digest) {
      const at = place(digest);
      if (at) await rm(at.path, { force: true });
    },
    async pathOf(digest) {
      return (await find(digest)) && place(digest)?.path;
    },
    async adopt(path, blob) {
      const at = place(blob.digest);
      if (!at) throw new ProblemError(noSuchBlob(blob.digest));
      await mkdir(at.folder, { recursive: true, mode: 0o700 });
      if (await find(blob.digest)) return;
      await chmod(path, 0o400);
      await rename(path, at.path);
      await syncFolder(at.folder);
      await syncFolder(root);
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
