import { closeSync, mkdirSync, openSync, renameSync, write, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface BatchedFileOptions {
  readonly path: string;
  /** A file that has grown to this is kept as `PATH.1`, in place of the one before, and a new one begun. */
  readonly fileBytesMax: number;
}

export interface BatchedFile {
  /** One line with its end. Lines that come faster than the disk takes them are dropped. */
  write(line: string): void;
  /** Writes out what is held. */
  flush(): void;
}

/** Held in memory: twice this, one part being filled while the other is written. */
const bufferBytes = 64 * 1024;
const flushIntervalMs = 200;
/** A character takes at most this many bytes. */
const characterBytesMax = 3;
const lineCharactersMax = Math.floor(bufferBytes / characterBytesMax) - 1;

function openFile(path: string): number | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'a', 0o600);
  } catch {
    // Nowhere to write: the lines are lost, the requests are not.
    return undefined;
  }
}

/** A file descriptor that begins a new file when the current one is full: a log never takes more than twice the limit. */
function createRotatingFile({ path, fileBytesMax }: BatchedFileOptions) {
  let file = openFile(path);
  let writtenBytes = 0;
  return {
    descriptor: () => file,
    grown(bytes: number): void {
      writtenBytes += bytes;
      if (writtenBytes < fileBytesMax || file === undefined) return;
      writtenBytes = 0;
      try {
        renameSync(path, `${path}.1`);
        closeSync(file);
        file = openFile(path);
      } catch {
        // It goes on in the same file; the next time may do better.
      }
    },
  };
}

/** Calls once, a while after the first of many wishes. */
function createReminder(callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      callback();
    }, flushIntervalMs).unref();
  };
}

/**
 * Collects lines in a buffer and writes many with one system call, off the main thread. A line costs one copy of its
 * characters; memory is two buffers, whatever happens.
 */
export function createBatchedFile(options: BatchedFileOptions): BatchedFile {
  const target = createRotatingFile(options);
  let filling: Buffer = Buffer.allocUnsafe(bufferBytes);
  let spare: Buffer | undefined = Buffer.allocUnsafe(bufferBytes);
  let filled = 0;
  const remind = createReminder(send);

  /** Hands the filled buffer to the disk, unless it still works on the other one. */
  function send(): void {
    const file = target.descriptor();
    if (filled === 0 || spare === undefined || file === undefined) return;
    const full = filling;
    const bytes = filled;
    filling = spare;
    spare = undefined;
    filled = 0;
    write(file, full, 0, bytes, null, () => {
      spare = full;
      target.grown(bytes);
      if (filled > 0) remind();
    });
  }

  return {
    write(line) {
      const text = line.length <= lineCharactersMax ? line : `${line.slice(0, lineCharactersMax)}\n`;
      if (filled + text.length * characterBytesMax > bufferBytes) send();
      if (filled + text.length * characterBytesMax > bufferBytes) return;
      filled += filling.write(text, filled);
      remind();
    },
    flush() {
      const file = target.descriptor();
      if (filled === 0 || file === undefined) return;
      try {
        writeSync(file, filling, 0, filled);
      } catch {
        // The disk is full: nothing more can be done for these lines.
      }
      filled = 0;
    },
  };
}
