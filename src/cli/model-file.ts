import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileLike } from '@millrace/sdk';
import { UsageError } from './failure.ts';
import { fileSizeBytes } from './file-size.ts';

/** A model file on this machine, read by ranges and never as a whole. */
export interface ModelFile extends FileLike {
  /** `sha256:…` of the whole file; `onBytes` hears how much has been read. */
  hash(onBytes: (doneBytes: number) => void): Promise<string>;
  close(): Promise<void>;
}

export async function openModelFile(path: string): Promise<ModelFile> {
  const sizeBytes = await fileSizeBytes(path);
  if (sizeBytes === 0) throw new UsageError(`${path} is empty.`);
  const handle = await open(path, 'r');
  return {
    name: basename(path),
    sizeBytes,
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
