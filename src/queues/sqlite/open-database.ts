import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import { problem, ProblemError, problemOf, type Problem } from '#schema';
import { migrations } from './migrations.ts';

export interface TaskDatabase {
  readonly database: Database.Database;
  /** Resolves once everything committed so far is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

const sqliteError = z.object({ code: z.string(), message: z.string() });

/** What a fault of SQLite means for whoever asked. */
export function problemOfQueue(fault: unknown): Problem {
  if (fault instanceof ProblemError) return fault.problem;
  const parsed = sqliteError.safeParse(fault);
  if (!parsed.success) return problemOf(fault);
  const { code, message } = parsed.data;
  if (['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'].includes(code))
    return problem('storage_full');
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return problem('store_unusable', `The task queue is damaged: ${message}. Put a backup in its place.`);
  return problem('internal', `The task queue failed: ${message} (${code}).`);
}

const versionRow = z.object({ user_version: z.number() });

function migrate(database: Database.Database): void {
  const [row] = z.array(versionRow).parse(database.pragma('user_version'));
  const from = row?.user_version ?? 0;
  if (from > migrations.length)
    throw new ProblemError(
      problem('store_unusable', `A newer version wrote the task queue (schema ${from}). Start that version.`),
    );
  database.exec('BEGIN IMMEDIATE');
  for (const sql of migrations.slice(from)) database.exec(sql);
  // Written even when it stays the same: the log must be there, so that it can be synced.
  database.exec(`PRAGMA user_version = ${migrations.length}; UPDATE opened SET times = times + 1; COMMIT`);
}

function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

/**
 * Commits are written to SQLite's log and synced by us, off the event loop: `synchronous = NORMAL` writes the same log
 * as FULL, only without waiting for the disk at each commit. Nothing may be answered before `sync` has resolved.
 */
export async function openTaskDatabase(path: string): Promise<TaskDatabase> {
  let database: Database.Database | undefined;
  try {
    prepareFile(path);
    database = new Database(path);
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864',
    );
    migrate(database);
    const log = await open(`${path}-wal`, 'r+');
    return session(database, log);
  } catch (fault) {
    database?.close();
    throw new ProblemError(problemOfQueue(fault));
  }
}

const checkpointRows = z.tuple([z.object({ busy: z.literal(0) })]);

/**
 * After a sync that failed the system may take what it could not write for written: a second sync would say so too.
 * What the log holds is then brought into the database itself, before anything is answered again.
 */
function createSync(database: Database.Database, log: FileHandle): () => Promise<void> {
  let isDoubtful = false;
  return async () => {
    try {
      if (isDoubtful) checkpointRows.parse(database.pragma('wal_checkpoint(TRUNCATE)'));
      await log.datasync();
      isDoubtful = false;
    } catch (fault) {
      isDoubtful = true;
      throw fault;
    }
  };
}

function session(database: Database.Database, log: FileHandle): TaskDatabase {
  return {
    database,
    sync: createSync(database, log),
    async close() {
      try {
        await log.datasync();
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        await log.close();
        database.close();
      }
    },
  };
}
