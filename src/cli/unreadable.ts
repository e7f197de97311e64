import { UsageError } from './failure.ts';

/** A file that was named and cannot be read. */
export function unreadable(path: string, fault: unknown): UsageError {
  return new UsageError(`Cannot read ${path}: ${fault instanceof Error ? fault.message : String(fault)}.`);
}
