import { createHash } from 'node:crypto';
import type { Blob, Blobs, ByteRange, Digest, Result, Upload } from '#contracts';
import type { Problem } from '#schema';
import { ProblemError, problem, problemOf } from '#schema';
import { missingFrom, withRange } from '../byte-ranges.ts';
import {
  clippedRange,
  faultOfAnnouncement,
  faultOfDigest,
  faultOfGaps,
  faultOfOffset,
  faultOfOverrun,
  faultOfReopening,
  noSuchBlob,
  noSuchUpload,
} from '../upload-rules.ts';

interface MemoryBlobsDeps {
  /** Blobs and uploads together; beyond that `storage_full`. 1 GiB when absent. */
  readonly capacityBytes?: number | undefined;
}

interface OpenUpload {
  state: Upload;
  readonly bytes: Uint8Array;
}

/** How much `read` gives at a time. */
const pieceBytes = 256 * 1024;

/** Blobs that end with the process: for tests and the simulator. */
export function createMemoryBlobs(deps: MemoryBlobsDeps = {}): Blobs {
  const capacityBytes = deps.capacityBytes ?? 1024 ** 3;
  const blobs = new Map<Digest, Uint8Array>();
  const uploads = new Map<string, OpenUpload>();

  const usedBytes = () =>
    [...uploads.values()].reduce((sum, upload) => sum + upload.bytes.length, 0) +
    [...blobs.values()].reduce((sum, bytes) => sum + bytes.length, 0);

  function begin(wanted: Omit<Upload, 'received'>): Result<Upload> {
    const fault = faultOfAnnouncement(wanted);
    if (fault) return refused(fault);
    const open = uploads.get(wanted.id);
    if (open) {
      const conflict = faultOfReopening(open.state, wanted);
      return conflict ? refused(conflict) : { ok: true, value: open.state };
    }
    if (usedBytes() + wanted.sizeBytes > capacityBytes) return refused(problem('storage_full'));
    const state = { id: wanted.id, sizeBytes: wanted.sizeBytes, digest: wanted.digest, received: [] };
    uploads.set(wanted.id, { state, bytes: new Uint8Array(wanted.sizeBytes) });
    return { ok: true, value: state };
  }

  function commit(id: string): Result<Blob> {
    const upload = uploads.get(id);
    if (!upload) return refused(noSuchUpload(id));
    const gaps = faultOfGaps(upload.state);
    if (gaps) return refused(gaps);
    uploads.delete(id);
    const blob = blobOf(upload.bytes);
    const mismatch = faultOfDigest(upload.state, blob.digest);
    if (mismatch) return refused(mismatch);
    blobs.set(blob.digest, upload.bytes);
    return { ok: true, value: blob };
  }

  return {
    begin: async (upload) => begin(upload),
    async write(id, offset, bytes) {
      const upload = uploads.get(id);
      return upload ? await receive(upload, offset, bytes) : refused(noSuchUpload(id));
    },
    upload: async (id) => uploads.get(id)?.state,
    commit: async (id) => commit(id),
    abort: async (id) => void uploads.delete(id),
    async stat(digest) {
      const bytes = blobs.get(digest);
      return bytes && { digest, sizeBytes: bytes.length };
    },
    read: (digest, range) => pieces(digest, blobs.get(digest), range),
    list: async () => listed(blobs),
    delete: async (digest) => void blobs.delete(digest),
  };
}

function blobOf(bytes: Uint8Array): Blob {
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, sizeBytes: bytes.length };
}

function listed(blobs: ReadonlyMap<Digest, Uint8Array>): readonly Blob[] {
  const all = [...blobs].map(([digest, bytes]) => ({ digest, sizeBytes: bytes.length }));
  return all.toSorted((left, right) => (left.digest < right.digest ? -1 : 1));
}

/** What has come is never overwritten: the first write of a byte counts. */
async function receive(
  upload: OpenUpload,
  offset: number,
  source: AsyncIterable<Uint8Array>,
): Promise<Result<Upload>> {
  const outside = faultOfOffset(upload.state, offset);
  if (outside) return refused(outside);
  let at = offset;
  try {
    for await (const chunk of source) {
      if (at + chunk.length > upload.state.sizeBytes) return refused(faultOfOverrun(upload.state));
      const range = { from: at, to: at + chunk.length };
      for (const { from, to } of missingFrom(upload.state.received, range)) {
        upload.bytes.set(chunk.subarray(from - at, to - at), from);
      }
      upload.state = { ...upload.state, received: withRange(upload.state.received, range) };
      at = range.to;
    }
    return { ok: true, value: upload.state };
  } catch (cause) {
    return refused(problemOf(cause));
  }
}

async function* pieces(
  digest: Digest,
  bytes: Uint8Array | undefined,
  range: ByteRange | undefined,
): AsyncIterable<Uint8Array> {
  if (!bytes) throw new ProblemError(noSuchBlob(digest));
  const { from, to } = clippedRange(range, bytes.length);
  for (let at = from; at < to; at += pieceBytes) yield bytes.slice(at, Math.min(at + pieceBytes, to));
}

function refused(cause: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: cause };
}
