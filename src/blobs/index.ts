/** Shelf of blobs: where big files live, by their content. */
export { createDiskBlobs } from './disk/index.ts';
export { withLocalCopies } from './local-copies.ts';
export { createMemoryBlobs } from './memory/index.ts';
export { createS3Blobs } from './s3/index.ts';
export type { S3Settings } from '#s3';
