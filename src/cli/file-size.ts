import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { UsageError } from './failure.ts';
import { unreadable } from './unreadable.ts';

/** The size of a file that can be read; folders and devices are none. */
export async function fileSizeBytes(path: string): Promise<number> {
  const stats = await stat(path).catch((fault: unknown) => {
    throw unreadable(path, fault);
  });
  if (!stats.isFile()) throw new UsageError(`Cannot read ${path}: it is no file.`);
  await access(path, constants.R_OK).catch((fault: unknown) => {
    throw unreadable(path, fault);
  });
  return stats.size;
}
