import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileLike } from '@millrace/sdk';
import { unreadable } from './unreadable.ts';

/** A model file on this machine, read by ranges and never as a whole. */
export interface ModelFile extends FileLike {
  /** `sha256:…` of the whole file; `onBytes` hears how much has been read. */
  hash(onBytes: (doneBytes: number) => void): Promise<string>;
  close(): Promise<void>;
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (fault) {
    throw unreadable(path, fault);
  }
}

export async function openModelFile(path: string): Promise<ModelFile> {
  const handle = await opened(path);
  const { size } = await handle.stat();
  return {
    name: basename(path),
    sizeBytes: size,
    read: async (from, to) => {
      const bytes = new Uint8Array(to - from);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    },
    hash: async (onBytes) => {
      const hash = createHash('sha256');
      let done = 0;
      const parts: AsyncIterable<unknown> = handle.createReadStream({
        autoClose: false,
        start: 0,
        highWaterMark: 1_048_576,
      });
      for await (const part of parts) {
        if (!(part instanceof Uint8Array)) continue;
        hash.update(part);
        done += part.length;
        onBytes(done);
      }
      return `sha256:${hash.digest('hex')}`;
    },
    close: () => handle.close(),
  };
}
