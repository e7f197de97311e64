import type { Migration } from './migration.ts';

/** Resources as they are, the newest changes for watchers, and the audit log, which is only ever added to. */
export const resourcesChangesAudit: Migration = {
  version: 1,
  sql: `
    CREATE TABLE resources (
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (kind, name)
    ) WITHOUT ROWID;

    CREATE TABLE changes (
      version INTEGER PRIMARY KEY,
      type TEXT NOT NULL,
      body TEXT NOT NULL
    );

    CREATE TABLE audit (
      entry INTEGER PRIMARY KEY AUTOINCREMENT,
      at_ms INTEGER NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      body TEXT NOT NULL
    );
  `,
};
