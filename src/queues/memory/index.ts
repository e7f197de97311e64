export { createMemoryQueue } from './memory-queue.ts';
