const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

function hexLength(value: number): number {
  let digits = 1;
  for (let rest = value >>> 4; rest > 0; rest >>>= 4) digits += 1;
  return digits;
}

/** What the frame of a chunk adds to its bytes. */
export function frameLength(sizeBytes: number): number {
  return hexLength(sizeBytes) + 4;
}

/**
 * Writes one chunk as HTTP/1.1 frames it (RFC 9112, 7.1): its length in hexadecimal, the bytes, line ends; gives where it
 * ends. Byte by byte, since this runs for every token: no string is made.
 */
export function writeChunk(target: Buffer, from: number, bytes: Uint8Array): number {
  const dataFrom = from + hexLength(bytes.length) + 2;
  for (let at = dataFrom - 3, rest = bytes.length; at >= from; at--, rest >>>= 4)
    target[at] = hexDigits[rest & 15] ?? 0;
  target[dataFrom - 2] = carriageReturn;
  target[dataFrom - 1] = lineFeed;
  target.set(bytes, dataFrom);
  const dataTo = dataFrom + bytes.length;
  target[dataTo] = carriageReturn;
  target[dataTo + 1] = lineFeed;
  return dataTo + 2;
}

/** One chunk in memory of its own. */
export function frameChunk(bytes: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(frameLength(bytes.length) + bytes.length);
  writeChunk(framed, 0, bytes);
  return framed;
}
