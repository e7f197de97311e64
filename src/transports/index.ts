/** Shelf: how dispatch reaches a replica. */
export { createHttpTransport } from './http/index.ts';
