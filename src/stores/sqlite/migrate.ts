import type Database from 'libsql';
import { ProblemError, problem } from '#schema';
import { z } from 'zod';
import type { Migration } from './migrations/migration.ts';

const versionRow = z.object({ value: z.coerce.number().int() });
const countRow = z.object({ count: z.number() });

/**
 * Brings a database to the newest schema, in one transaction: after a crash it is at the old version or at the
 * new one. Another process that migrates at the same time waits, and then finds nothing to do.
 */
export function migrate(database: Database.Database, migrations: readonly Migration[]): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const from = schemaVersion(database);
    const newest = migrations.length;
    if (from > newest) throw new ProblemError(writtenByNewer(from, newest));
    for (const step of migrations.slice(from)) database.exec(step.sql);
    if (from < newest) setSchemaVersion(database, newest);
    database.exec('COMMIT');
  } catch (cause) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}

/** 0 for an empty file. */
function schemaVersion(database: Database.Database): number {
  const tables = "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table'";
  const hasMeta = countRow.parse(database.prepare(`${tables} AND name = 'meta'`).all()[0]).count > 0;
  if (hasMeta) {
    const rows = database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").all();
    return versionRow.parse(rows[0]).value;
  }
  const isEmpty = countRow.parse(database.prepare(tables).all()[0]).count === 0;
  if (isEmpty) return 0;
  throw new ProblemError(problem('store_unusable', 'The file is a database of another program.'));
}

function setSchemaVersion(database: Database.Database, version: number): void {
  database.exec('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  database
    .prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema_version', ?)")
    .run(String(version));
}

function writtenByNewer(found: number, known: number): ReturnType<typeof problem> {
  const what = `A newer version wrote it (schema ${found}; this one knows up to ${known}).`;
  return problem('store_unusable', `${what} Start that version, or put a backup in its place.`);
}
