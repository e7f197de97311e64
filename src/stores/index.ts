/** Shelf of stores: where resources, their history and the audit log live. */
export { createMemoryStore } from './memory/index.ts';
export { createPostgresStore } from './postgres/index.ts';
export { createSqliteStore } from './sqlite/index.ts';
