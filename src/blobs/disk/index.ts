export { createDiskBlobs } from './disk-blobs.ts';
