import type { Readable, Writable } from 'node:stream';

/** Where a command reads and writes: results go to `out`, everything said about the work to `err`. */
export interface Terminal {
  readonly out: Writable;
  readonly err: Writable;
  readonly input: Readable;
  /** True when a person watches `err`: bars instead of lines. */
  readonly errIsTerminal: boolean;
  readonly inputIsTerminal: boolean;
  /** Characters in a line of one of them, now; Infinity where it is no terminal. */
  readonly columns: (of: 'out' | 'err') => number;
  readonly nowMs: () => number;
  /** From now on the program outlives whoever reads `out` and `err`; what it says to nobody is lost. */
  readonly outliveReaders: () => void;
}

/** Some terminals do not know how wide they are. */
function widthOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY && columns > 0 ? columns : Infinity;
}

export function createTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  let outlives = false;
  // Whoever reads our output may have seen enough: `millrace get models | head -1` is no failure.
  stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (outlives) return;
    if (fault.code === 'EPIPE') process.exit(0);
    process.stderr.write(`The result could not be written: ${fault.message}.\n`);
    process.exit(1);
  });
  // What is said about the work may stay unread; the work goes on.
  stderr.on('error', () => undefined);
  return {
    out: stdout,
    err: stderr,
    input: stdin,
    errIsTerminal: stderr.isTTY,
    inputIsTerminal: stdin.isTTY,
    columns: (of) => widthOf(of === 'out' ? stdout : stderr),
    nowMs: () => Date.now(),
    outliveReaders: () => {
      outlives = true;
    },
  };
}

/** Everything that was piped in, up to 64 MiB. */
export async function readAll(input: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  const chunks: AsyncIterable<unknown> = input;
  for await (const chunk of chunks) {
    const part =
      typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
    size += part.length;
    if (size > 64 * 1024 * 1024) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
