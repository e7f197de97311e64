import { resourcesChangesAudit } from './0001-resources-changes-audit.ts';
import { auditIndexes } from './0002-audit-indexes.ts';
import type { Migration } from './migration.ts';

/** Every step, oldest first. */
export const migrations: readonly Migration[] = [resourcesChangesAudit, auditIndexes];
