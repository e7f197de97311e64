export { createPostgresQueue } from './postgres-queue.ts';
