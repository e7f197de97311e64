import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/** Feedback as lines of JSON. What comes while the disk works is written together, with one sync. */
export function createFeedbackFile({ path, fileBytesMax = usualBytesMax }: FeedbackFileOptions): FeedbackLog {
  let opened: Open | undefined;
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;

  async function openFile(): Promise<Open> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a', 0o600);
    opened = { file, sizeBytes: (await stat(path)).size };
    return opened;
  }

  async function begun(): Promise<Open> {
    if (opened === undefined || opened.sizeBytes < fileBytesMax) return opened ?? openFile();
    const { file } = opened;
    opened = undefined;
    await file.close();
    await rename(path, `${path}.1`);
    return openFile();
  }

  async function writeOut(): Promise<void> {
    // One turn later: what is handed in at the same time goes out together.
    await Promise.resolve();
    const lines = waiting.join('');
    waiting = [];
    const target = await begun();
    await target.file.appendFile(lines);
    await target.file.datasync();
    target.sizeBytes += Buffer.byteLength(lines);
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
      await opened?.file.close();
      opened = undefined;
    },
  };
}
