import type { Problem } from '#schema';
import { problem, problemOf } from '#schema';

/** What a fault of the file system means for whoever asked. */
export function problemOfDisk(fault: unknown): Problem {
  return isFileFault(fault, 'ENOSPC', 'EDQUOT') ? problem('storage_full') : problemOf(fault);
}

function isFileFault(fault: unknown, ...codes: readonly string[]): boolean {
  return fault instanceof Error && 'code' in fault && codes.some((code) => code === fault.code);
}

/** The answer, or undefined where the file is not there. */
export async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (fault) {
    if (isFileFault(fault, 'ENOENT')) return undefined;
    throw fault;
  }
}
