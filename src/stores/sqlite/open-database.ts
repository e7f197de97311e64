import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { ProblemError, problem } from '#schema';
import { z } from 'zod';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { problemOfSqlite } from './sqlite-fault.ts';

/** How long a statement waits for another process. It blocks this one: short enough to live with. */
const busyTimeoutMs = 2000;
/** A full check reads the whole file; above this it would delay the start, and damage shows when it is met. */
const checkedBytesMax = 64 * 1024 * 1024;

const check = z.array(z.object({ quick_check: z.string() }));

/**
 * Opens or creates the database, readable by its owner only, at the newest schema.
 * Throws a ProblemError that names the file.
 */
export function openDatabase(path: string): Database.Database {
  try {
    const sizeBytes = createPrivately(path);
    const database = new Database(path, { timeout: busyTimeoutMs });
    // FULL: a commit is on disk before it is answered. The log is cut back after a checkpoint.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216',
    );
    if (sizeBytes > 0 && sizeBytes <= checkedBytesMax) checkIntegrity(database);
    migrate(database, migrations);
    return database;
  } catch (fault) {
    const cause = problemOfSqlite(fault);
    throw new ProblemError(problem(cause.code, `Store ${path}: ${cause.message}`));
  }
}

/** SQLite gives its log the mode of the database. Returns the size of what was there. */
function createPrivately(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  return statSync(path).size;
}

function checkIntegrity(database: Database.Database): void {
  const findings = check.parse(database.pragma('quick_check(1)')).map((row) => row.quick_check);
  if (findings[0] === 'ok') return;
  const advice = 'Put a backup in its place.';
  throw new ProblemError(
    problem('store_unusable', `The store is damaged: ${findings.join('; ')}. ${advice}`),
  );
}
