import { hasEnded, partsOf } from '#schema';
import type { Blobs, Clock, TaskQueue } from '#contracts';
import { blobHeadBytes, readBlobHead, type BlobHead } from './blob-head.ts';
import { joined } from '../joined.ts';

export interface OwnedBlobDeps {
  readonly queue: Pick<TaskQueue, 'get'>;
  readonly blobs: Pick<Blobs, 'read'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** A blob is written before its task knows of it. For a long file that takes a while, and clocks differ. */
const graceMs = 24 * 60 * 60_000;

async function headOf({ blobs }: OwnedBlobDeps, digest: string): Promise<BlobHead | undefined> {
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(digest, { from: 0, to: blobHeadBytes })) pieces.push(piece);
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return readBlobHead(joined(pieces, sizeBytes));
}

/** Whether a task has this blob, or may come to have it. What says nothing of itself is left alone. */
export async function isOwned(deps: OwnedBlobDeps, digest: string): Promise<boolean> {
  const head = await headOf(deps, digest);
  if (head === undefined || deps.clock.nowMs() - head.writtenAtMs < graceMs) return true;
  const [owner] = await deps.queue.get([head.owner]);
  if (owner === undefined) return false;
  // What works on it may just be about to hand in its output.
  if (!hasEnded(owner.state)) return true;
  const payloads = owner.output ? [owner.input, owner.output.payload] : [owner.input];
  return payloads.some((payload) => partsOf(payload).some((part) => part.digest === digest));
}
