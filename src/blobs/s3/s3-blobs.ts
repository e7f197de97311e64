import type { Blob, Blobs, Clock, Digest, Result, Upload } from '#contracts';
import { ProblemError, problemOf, type Problem } from '#schema';
import { openBucket, type Bucket, type S3Settings } from '#s3';
import {
  clippedRange,
  faultOfAnnouncement,
  faultOfGaps,
  faultOfOffset,
  faultOfOverrun,
  faultOfReopening,
  isDigest,
  isUploadId,
  noSuchBlob,
  noSuchUpload,
} from '../upload-rules.ts';
import { removeAbandoned } from './abandoned.ts';
import { assemble } from './assemble.ts';
import { createKeys, type Keys } from './keys.ts';
import { createPieceWriter } from './piece-writer.ts';
import { findUpload, removeUpload } from './upload-pieces.ts';

export interface S3BlobsDeps {
  readonly settings: S3Settings;
  readonly bucket: string;
  /** Stands before every key: empty, or ends with a slash. */
  readonly prefix: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

interface Shelf {
  readonly bucket: Bucket;
  readonly keys: Keys;
}

function refused(cause: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: cause };
}

/** What was thrown is an answer, where answers may be refusals. */
async function answered<T>(work: Promise<Result<T>>): Promise<Result<T>> {
  return work.catch((fault: unknown) => refused(problemOf(fault)));
}

async function find({ bucket, keys }: Shelf, id: string) {
  return isUploadId(id) ? findUpload(bucket, keys, id) : undefined;
}

async function begin(shelf: Shelf, wanted: Omit<Upload, 'received'>): Promise<Result<Upload>> {
  const fault = faultOfAnnouncement(wanted);
  if (fault) return refused(fault);
  const open = await find(shelf, wanted.id);
  if (open === undefined) {
    await shelf.bucket.put(shelf.keys.announced(wanted), new Uint8Array(0));
    return { ok: true, value: { ...wanted, received: [] } };
  }
  const conflict = faultOfReopening(open.upload, wanted);
  return conflict ? refused(conflict) : { ok: true, value: open.upload };
}

interface Writing {
  readonly id: string;
  readonly offset: number;
  readonly source: AsyncIterable<Uint8Array>;
}

/** Takes what comes. What came before a fault is kept. */
async function pump(shelf: Shelf, upload: Upload, { offset, source }: Writing): Promise<Problem | undefined> {
  const { id, received, sizeBytes } = upload;
  const writer = createPieceWriter({ ...shelf, id, received }, offset);
  let at = offset;
  let fault: Problem | undefined;
  try {
    for await (const chunk of source) {
      at += chunk.length;
      if (at > sizeBytes) {
        fault = faultOfOverrun(upload);
        break;
      }
      await writer.add(chunk);
    }
  } catch (thrown) {
    fault = problemOf(thrown);
  }
  await writer.settle();
  return fault;
}

async function write(shelf: Shelf, writing: Writing): Promise<Result<Upload>> {
  const { id, offset } = writing;
  const open = await find(shelf, id);
  if (open === undefined) return refused(noSuchUpload(id));
  const outside = faultOfOffset(open.upload, offset);
  if (outside) return refused(outside);
  const fault = await pump(shelf, open.upload, writing);
  if (fault) return refused(fault);
  const now = await find(shelf, id);
  return now ? { ok: true, value: now.upload } : refused(noSuchUpload(id));
}

async function commit(shelf: Shelf, id: string): Promise<Result<Blob>> {
  const held = await find(shelf, id);
  if (held === undefined) return refused(noSuchUpload(id));
  const gaps = faultOfGaps(held.upload);
  if (gaps) return refused(gaps);
  try {
    const blob = await assemble(shelf.bucket, shelf.keys, held);
    await removeUpload(shelf.bucket, held);
    return { ok: true, value: blob };
  } catch (fault) {
    const problem = problemOf(fault);
    // What does not add up is of no use to a later attempt.
    if (problem.code === 'digest_mismatch') await removeUpload(shelf.bucket, held);
    return refused(problem);
  }
}

async function stat({ bucket, keys }: Shelf, digest: Digest): Promise<Blob | undefined> {
  const found = isDigest(digest) ? await bucket.head(keys.blob(digest)) : undefined;
  return found && { digest, sizeBytes: found.sizeBytes };
}

async function* read(
  shelf: Shelf,
  digest: Digest,
  range: Parameters<Blobs['read']>[1],
): AsyncGenerator<Uint8Array> {
  const blob = await stat(shelf, digest);
  if (blob === undefined) throw new ProblemError(noSuchBlob(digest));
  const span = clippedRange(range, blob.sizeBytes);
  if (span.from < span.to) yield* shelf.bucket.read(shelf.keys.blob(digest), span);
}

async function list({ bucket, keys }: Shelf): Promise<readonly Blob[]> {
  const found: Blob[] = [];
  for await (const { key, sizeBytes } of bucket.list(keys.blobs)) {
    const digest = keys.digestIn(key);
    if (digest !== undefined) found.push({ digest, sizeBytes });
  }
  return found;
}

/**
 * Blobs as objects under the names of their digests; pieces of uploads beside them, so that any process can go on
 * with an upload. Refuses to begin where the bucket cannot be listed.
 */
export async function createS3Blobs({ settings, bucket: name, prefix, clock }: S3BlobsDeps): Promise<Blobs> {
  const bucket = await openBucket(settings, name);
  const shelf = { bucket, keys: createKeys(prefix) };
  await removeAbandoned(shelf, clock.nowMs());
  return {
    begin: (upload) => answered(begin(shelf, upload)),
    write: (id, offset, source) => answered(write(shelf, { id, offset, source })),
    upload: async (id) => (await find(shelf, id))?.upload,
    commit: (id) => answered(commit(shelf, id)),
    async abort(id) {
      const held = await find(shelf, id);
      if (held) await removeUpload(bucket, held);
    },
    stat: (digest) => stat(shelf, digest),
    read: (digest, range) => read(shelf, digest, range),
    list: () => list(shelf),
    async delete(digest) {
      if (isDigest(digest)) await bucket.remove(shelf.keys.blob(digest));
    },
  };
}
