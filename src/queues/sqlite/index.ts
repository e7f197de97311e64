export { createSqliteQueue } from './sqlite-queue.ts';
