import type { PlainLine } from './plain-line.ts';

/** What the largest read brings, a head and a frame. */
const sheetBytes = 65_536 + 4096;
let sheet = Buffer.allocUnsafeSlow(sheetBytes);

type Line = Pick<PlainLine, 'socket' | 'isEncrypted'>;

/**
 * Memory to put a message of so many bytes together in; `writeSheet` then sends it. Nearly always the same: the kernel
 * takes what is written at once, and the memory is free again. Where a client is behind, the message is long, or the
 * bytes are yet to be encrypted, it is memory of its own.
 */
export function takeSheet({ socket, isEncrypted }: Line, length: number): Buffer {
  const isFree = length <= sheetBytes && !isEncrypted && socket.writableLength === 0;
  return isFree ? sheet : Buffer.allocUnsafe(length);
}

/** Writes the first `length` bytes; false when the client is behind. */
export function writeSheet({ socket }: Line, taken: Buffer, length: number): boolean {
  const flowing = socket.write(length === taken.length ? taken : taken.subarray(0, length));
  // What the kernel did not take is read from there later: that memory stays with the socket.
  if (taken === sheet && socket.writableLength > 0) sheet = Buffer.allocUnsafeSlow(sheetBytes);
  return flowing;
}
