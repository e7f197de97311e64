import { createHash } from 'node:crypto';
import { ProblemError } from '#schema';
import type { Blob, Digest } from '#contracts';
import type { Bucket } from '#s3';
import { faultOfDigest } from '../upload-rules.ts';
import type { Keys } from './keys.ts';
import { contentOf, digestOf, type HeldUpload } from './upload-pieces.ts';

/** Passes the content on, and refuses its end when it is not what was announced: no object comes of it then. */
async function* checked(held: HeldUpload, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
  const mismatch = faultOfDigest(held.upload, `sha256:${hash.digest('hex')}`);
  if (mismatch) throw new ProblemError(mismatch);
}

async function hashed(source: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const piece of source) hash.update(piece);
  return `sha256:${hash.digest('hex')}`;
}

/** Where the content is one piece, or nothing at all, its digest is known already. */
function knownDigest({ upload, pieces }: HeldUpload): Digest | undefined {
  if (upload.sizeBytes === 0) return digestOf(new Uint8Array(0));
  const whole = pieces.find(({ range }) => range.from === 0 && range.to === upload.sizeBytes);
  return whole?.digest;
}

/** Makes one object of the pieces, under the digest of the content. Throws where that is not the announced one. */
export async function assemble(bucket: Bucket, keys: Keys, held: HeldUpload): Promise<Blob> {
  const { upload, pieces } = held;
  const { sizeBytes } = upload;
  const known = knownDigest(held);
  const digest = known ?? upload.digest ?? (await hashed(contentOf(bucket, pieces)));
  const mismatch = known && faultOfDigest(upload, known);
  if (mismatch) throw new ProblemError(mismatch);
  const target = keys.blob(digest);
  const there = await bucket.head(target);
  const whole = pieces.find((piece) => piece.digest === digest);
  if (there?.sizeBytes === sizeBytes && (known !== undefined || upload.digest === undefined))
    return { digest, sizeBytes };
  if (whole) await bucket.copy(whole.key, target);
  else await bucket.putLong(target, sizeBytes, checked(held, contentOf(bucket, pieces)));
  return { digest, sizeBytes };
}
