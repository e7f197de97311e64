import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { gunzipSync } from 'node:zlib';
import { problem, ProblemError } from '#schema';

export interface FileLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** False only for a last line without an end, which may have been cut. */
  readonly isEnded: boolean;
}

const pieceBytes = 1_048_576;
const lineLengthMax = 16 * 1_048_576;
/** Virtual time leaves no turn in which to unpack piece by piece, so a packed file is unpacked as a whole. */
const unpackedBytesMax = 512 * 1_048_576;

function refused(why: string): ProblemError {
  return new ProblemError(problem('invalid_request', why));
}

function* plainPieces(path: string): Generator<Uint8Array, undefined> {
  const file = openSync(path, 'r');
  const piece = new Uint8Array(pieceBytes);
  try {
    for (let count = readSync(file, piece); count > 0; count = readSync(file, piece))
      yield piece.subarray(0, count);
    return undefined;
  } finally {
    closeSync(file);
  }
}

function unpacked(path: string): Uint8Array {
  const packed = readFileSync(path);
  try {
    return gunzipSync(packed, { maxOutputLength: unpackedBytesMax });
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    throw refused('it is larger than 512 MiB when unpacked: unpack it beforehand');
  }
}

function* unpackedPieces(path: string): Generator<Uint8Array, undefined> {
  const all = unpacked(path);
  for (let from = 0; from < all.length; from += pieceBytes) yield all.subarray(from, from + pieceBytes);
  return undefined;
}

/** The lines of a file, however large: one piece of it is in memory at a time, unless it is packed (.gz). */
export function* fileLines(path: string): Generator<FileLine, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let line = 0;
  for (const piece of path.endsWith('.gz') ? unpackedPieces(path) : plainPieces(path)) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const texts = (rest + decoder.write(bytes)).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > lineLengthMax) throw refused(`line ${line + texts.length + 1} is longer than 16 MiB`);
    for (const text of texts) yield { text, line: (line += 1), isEnded: true };
  }
  rest += decoder.end();
  if (rest !== '') yield { text: rest, line: line + 1, isEnded: false };
  return undefined;
}
