/** Shelf of blobs: where big files live, by their content. */
export { createDiskBlobs } from './disk/index.ts';
export { createMemoryBlobs } from './memory/index.ts';
