import type { FileHandle } from 'node:fs/promises';
import type { ByteRange } from '#contracts';
import { missingFrom } from '../byte-ranges.ts';
import { receivedEntry } from './journal.ts';

/** Chunks of the network are small; this many bytes make one write. */
const gatherBytes = 1024 * 1024;
/** What a crash can cost at most, of bytes not yet acknowledged. Each sync waits for the disk. */
const syncedEachBytes = 8 * 1024 * 1024;

interface RangeWriterDeps {
  readonly data: FileHandle;
  readonly journal: FileHandle;
  readonly received: () => readonly ByteRange[];
  readonly acknowledge: (range: ByteRange) => void;
}

export interface RangeWriter {
  /** The chunk may be reused by its owner once this resolves. */
  add(chunk: Uint8Array): Promise<void>;
  /** Brings everything added to the disk and acknowledges it. After a fault: everything that got there. */
  settle(): Promise<void>;
}

/**
 * Writes a stream of bytes from an offset on. A range is acknowledged only after its bytes are on disk and the
 * journal says so; what was acknowledged before, by whichever write, is never overwritten.
 */
export function createRangeWriter(deps: RangeWriterDeps, offset: number): RangeWriter {
  const gathered = Buffer.allocUnsafe(gatherBytes);
  let gatheredBytes = 0;
  let writtenTo = offset;
  let syncedTo = offset;

  async function write(bytes: Uint8Array): Promise<void> {
    const from = writtenTo;
    for (const piece of missingFrom(deps.received(), { from, to: from + bytes.length })) {
      await writeFully(deps.data, bytes.subarray(piece.from - from, piece.to - from), piece.from);
    }
    writtenTo += bytes.length;
    if (writtenTo - syncedTo >= syncedEachBytes) await sync();
  }

  async function flush(): Promise<void> {
    const bytes = gathered.subarray(0, gatheredBytes);
    gatheredBytes = 0;
    await write(bytes);
  }

  async function sync(): Promise<void> {
    const range = { from: syncedTo, to: writtenTo };
    if (missingFrom(deps.received(), range).length > 0) {
      await deps.data.datasync();
      await deps.journal.appendFile(receivedEntry(range));
      deps.acknowledge(range);
    }
    syncedTo = range.to;
  }

  return {
    async add(chunk) {
      if (gatheredBytes + chunk.length > gatherBytes) await flush();
      if (chunk.length >= gatherBytes) return await write(chunk);
      gathered.set(chunk, gatheredBytes);
      gatheredBytes += chunk.length;
    },
    async settle() {
      try {
        await flush();
      } finally {
        await sync();
      }
    },
  };
}

/** A full disk shows as a short write first, and as an error when the rest is tried. */
async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
