import { createHash } from 'node:crypto';
import type { ByteRange, Digest, Upload } from '#contracts';
import type { Bucket } from '#s3';
import { withRange } from '../byte-ranges.ts';
import type { Keys, Piece } from './keys.ts';

/** An upload as the bucket has it. */
export interface HeldUpload {
  readonly upload: Upload;
  readonly pieces: readonly Piece[];
  readonly keys: readonly string[];
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** One list tells all: what was announced, and what has come. */
export async function findUpload(bucket: Bucket, keys: Keys, id: string): Promise<HeldUpload | undefined> {
  const found: string[] = [];
  for await (const { key } of bucket.list(keys.upload(id))) found.push(key);
  const announced = found.map((key) => keys.announcementIn(id, key)).find((each) => each !== undefined);
  if (announced === undefined) return undefined;
  const pieces = found.flatMap((key) => keys.pieceIn(key) ?? []);
  let received: readonly ByteRange[] = [];
  for (const { range } of pieces) received = withRange(received, range);
  return { upload: { ...announced, received }, pieces, keys: found };
}

/** The announcement goes last: what is left of a removal that broke off is found by the next one. */
export async function removeUpload(bucket: Bucket, { keys }: HeldUpload): Promise<void> {
  // "announced" comes before "piece" in every list.
  for (const key of keys.toReversed()) await bucket.remove(key);
}

/** The content, of which every byte has come, some perhaps twice. */
export async function* contentOf(bucket: Bucket, pieces: readonly Piece[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const { key, range } of pieces.toSorted((one, other) => one.range.from - other.range.from)) {
    if (range.to <= at) continue;
    yield* bucket.read(key, { from: at - range.from, to: range.to - range.from });
    at = range.to;
  }
}
