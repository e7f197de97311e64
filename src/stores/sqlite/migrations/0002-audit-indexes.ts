import type { Migration } from './migration.ts';

/** The audit log grows without end; questions about one resource or one day must not read all of it. */
export const auditIndexes: Migration = {
  version: 2,
  sql: `
    CREATE INDEX audit_by_resource ON audit (kind, name);
    CREATE INDEX audit_by_time ON audit (at_ms);
  `,
};
