import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { problem, ProblemError } from '#schema';
import type { FeedbackEntry, FeedbackLog } from '#contracts';

export interface FeedbackFileOptions {
  readonly path: string;
  /** A file that has grown to this is kept as `PATH.1`, in place of the one before, and a new one begun. */
  readonly fileBytesMax?: number;
}

const usualBytesMax = 64 * 1024 * 1024;

interface Open {
  readonly file: FileHandle;
  sizeBytes: number;
}

/** Longer than any line. */
const tailBytesMax = 1024 * 1024;
const lineFeed = 0x0a;

/** Up to the last whole line: what a crash or a full disk has left behind it was never acknowledged. */
async function openWhole(path: string): Promise<Open> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a+', 0o600);
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, tailBytesMax));
  await file.read(tail, 0, tail.length, size - tail.length);
  const sizeBytes = size - tail.length + tail.lastIndexOf(lineFeed) + 1;
  if (sizeBytes < size) await file.truncate(sizeBytes);
  return { file, sizeBytes };
}

const full = z.object({ code: z.enum(['ENOSPC', 'EDQUOT']) });

/** The file that is written to, whichever it is by now. */
function createTarget(path: string, fileBytesMax: number) {
  let opened: Open | undefined;
  async function close(): Promise<void> {
    const last = opened;
    opened = undefined;
    await last?.file.close();
  }
  async function begun(): Promise<Open> {
    if (opened !== undefined && opened.sizeBytes >= fileBytesMax) {
      await close();
      await rename(path, `${path}.1`);
    }
    opened ??= await openWhole(path);
    return opened;
  }
  return {
    async write(lines: string): Promise<void> {
      try {
        const target = await begun();
        await target.file.appendFile(lines);
        await target.file.datasync();
        target.sizeBytes += Buffer.byteLength(lines);
      } catch (fault) {
        // Opened anew, it is whole again.
        await close();
        throw full.safeParse(fault).success ? new ProblemError(problem('storage_full')) : fault;
      }
    },
    close,
  };
}

/** Feedback as lines of JSON. What comes while the disk works is written together, with one sync. */
export function createFeedbackFile({ path, fileBytesMax = usualBytesMax }: FeedbackFileOptions): FeedbackLog {
  const target = createTarget(path, fileBytesMax);
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;

  async function writeOut(): Promise<void> {
    // One turn later: what is handed in at the same time goes out together.
    await Promise.resolve();
    const lines = waiting.join('');
    waiting = [];
    await target.write(lines);
  }

  /** The write that takes in what waits now: the one after the write that is under way. */
  function nextWrite(): Promise<void> {
    const before = writing ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(writeOut);
    writing = mine;
    return mine;
  }

  let pending: Promise<void> | undefined;
  return {
    append(entry: FeedbackEntry) {
      if (waiting.length === 0 || pending === undefined) {
        waiting.push(`${JSON.stringify(entry)}\n`);
        pending = nextWrite();
      } else waiting.push(`${JSON.stringify(entry)}\n`);
      return pending;
    },
    async close() {
      await writing?.catch(() => undefined);
      await target.close();
    },
  };
}
