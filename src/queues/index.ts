/** Shelf of queues: where durable tasks live. */
export { createMemoryQueue } from './memory/index.ts';
export { createSqliteQueue } from './sqlite/index.ts';
export { createPostgresQueue } from './postgres/index.ts';
export { createEventfulQueue } from './eventful.ts';
export { createKafkaBus, type KafkaCredentials } from './kafka/index.ts';
