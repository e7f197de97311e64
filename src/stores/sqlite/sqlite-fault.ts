import type { Problem } from '#schema';
import { ProblemError, problem, problemOf } from '#schema';
import { z } from 'zod';

const sqliteError = z.object({ code: z.string(), message: z.string() });

/** What a fault of SQLite means for whoever asked. */
export function problemOfSqlite(fault: unknown): Problem {
  if (fault instanceof ProblemError) return fault.problem;
  const parsed = sqliteError.safeParse(fault);
  if (!parsed.success) return problemOf(fault);
  const { code, message } = parsed.data;
  // The shared-memory file beside the log could not grow: a full disk by another name.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return problem('storage_full');
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return problem('store_unusable', `The store is damaged: ${message}. Put a backup in its place.`);
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return problem('internal', 'Another process keeps the store locked. Try again.');
  }
  return problem('internal', `The store failed: ${message} (${code}).`);
}
