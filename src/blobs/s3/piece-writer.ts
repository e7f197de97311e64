import type { ByteRange } from '#contracts';
import type { Bucket } from '#s3';
import { missingFrom, withRange } from '../byte-ranges.ts';
import type { Keys } from './keys.ts';
import { digestOf } from './upload-pieces.ts';

/** So much is held before it becomes an object. */
const pieceBytesMax = 16 * 1024 * 1024;

export interface PieceWriter {
  /** The chunk may be reused by its owner once this resolves. */
  add(chunk: Uint8Array): Promise<void>;
  settle(): Promise<void>;
}

interface PieceWriterDeps {
  readonly bucket: Bucket;
  readonly keys: Keys;
  readonly id: string;
  /** What had come before: it is not written again. */
  readonly received: readonly ByteRange[];
}

/** Writes a stream of bytes from an offset on, as objects that can be put together in the end. */
export function createPieceWriter(deps: PieceWriterDeps, offset: number): PieceWriter {
  const { bucket, keys, id } = deps;
  let { received } = deps;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let at = offset;

  async function settle(): Promise<void> {
    const bytes = Buffer.concat(held);
    const start = at;
    held = [];
    heldBytes = 0;
    at += bytes.length;
    for (const range of missingFrom(received, { from: start, to: at })) {
      const piece = bytes.subarray(range.from - start, range.to - start);
      await bucket.put(keys.piece(id, range, digestOf(piece)), piece);
      received = withRange(received, range);
    }
  }
  return {
    async add(chunk) {
      held.push(Uint8Array.from(chunk));
      heldBytes += chunk.length;
      if (heldBytes >= pieceBytesMax) await settle();
    },
    settle,
  };
}
