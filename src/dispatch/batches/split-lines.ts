import { joined } from '../joined.ts';

export interface RawLine {
  /** From 1. */
  readonly number: number;
  /** Without the end of line; undefined where it was longer than a line may be. */
  readonly bytes: Uint8Array | undefined;
}

const lineFeed = 0x0a;

/** Cuts bytes, as they come, into lines. Never holds more than one line and one piece. */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<RawLine> {
  let number = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;

  function hold(bytes: Uint8Array): void {
    heldBytes += bytes.length;
    // What is too long is counted, not kept.
    if (heldBytes > lineBytesMax) held = [];
    else held.push(bytes);
  }
  function take(): RawLine {
    number += 1;
    const bytes = heldBytes > lineBytesMax ? undefined : joined(held, heldBytes);
    held = [];
    heldBytes = 0;
    return { number, bytes };
  }
  for await (const piece of source) {
    let from = 0;
    for (let to = piece.indexOf(lineFeed); to !== -1; to = piece.indexOf(lineFeed, from)) {
      hold(piece.subarray(from, to));
      yield take();
      from = to + 1;
    }
    // A copy: the piece may be used again by who gave it.
    if (from < piece.length) hold(piece.slice(from));
  }
  if (heldBytes > 0) yield take();
}
