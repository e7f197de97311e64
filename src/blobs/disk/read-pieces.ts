import { open } from 'node:fs/promises';
import type { ByteRange } from '#contracts';

/** Big enough that system calls do not count, small enough that hashing one does not hold up the process. */
const pieceBytes = 1024 * 1024;

/** A part of a file, piece by piece, each read when it is asked for. Ends early where the file does. */
export async function* readPieces(path: string, range: ByteRange): AsyncIterable<Uint8Array> {
  if (range.from >= range.to) return;
  const handle = await open(path, 'r');
  try {
    let at = range.from;
    while (at < range.to) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, range.to - at));
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
