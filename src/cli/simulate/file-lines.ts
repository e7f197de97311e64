import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const pieceBytes = 1_048_576;

/** The lines of a file, however large: one piece of it is in memory at a time. A last line without an end is left out. */
export function* fileLines(path: string): Generator<string, undefined> {
  const file = openSync(path, 'r');
  const piece = new Uint8Array(pieceBytes);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for (;;) {
      const count = readSync(file, piece);
      if (count === 0) return undefined;
      const lines = (rest + decoder.write(Buffer.from(piece.subarray(0, count)))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(file);
  }
}
