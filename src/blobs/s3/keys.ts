import type { ByteRange, Digest, Upload } from '#contracts';
import { isDigest } from '../upload-rules.ts';

/** A piece of an upload: an object of its own. */
export interface Piece {
  readonly key: string;
  readonly range: ByteRange;
  readonly digest: Digest;
}

const hexOf = (digest: Digest): string => digest.slice('sha256:'.length);

/** Wide enough for any offset, so that the order of keys is the order of pieces. */
const offsetDigits = 16;

export interface Keys {
  readonly blobs: string;
  readonly uploads: string;
  blob(digest: Digest): string;
  digestIn(key: string): Digest | undefined;
  upload(id: string): string;
  /** The announcement is all in the key: a list tells everything of an upload. */
  announced(upload: Omit<Upload, 'received'>): string;
  announcementIn(id: string, key: string): Omit<Upload, 'received'> | undefined;
  piece(id: string, range: ByteRange, digest: Digest): string;
  pieceIn(key: string): Piece | undefined;
}

/** Where things are in a bucket, below a prefix. */
export function createKeys(prefix: string): Keys {
  const blobs = `${prefix}sha256/`;
  const uploads = `${prefix}uploads/`;
  const upload = (id: string): string => `${uploads}${id}/`;
  return {
    blobs,
    uploads,
    blob: (digest) => `${blobs}${hexOf(digest).slice(0, 2)}/${hexOf(digest)}`,
    digestIn(key) {
      const digest = `sha256:${key.slice(blobs.length + 3)}`;
      return isDigest(digest) ? digest : undefined;
    },
    upload,
    announced: ({ id, sizeBytes, digest }) =>
      `${upload(id)}announced-${sizeBytes}-${digest === undefined ? 'unknown' : hexOf(digest)}`,
    announcementIn(id, key) {
      const [, size, hex] = /\/announced-(\d+)-(\w+)$/.exec(key) ?? [];
      if (size === undefined) return undefined;
      const sizeBytes = Number(size);
      return hex === 'unknown' ? { id, sizeBytes } : { id, sizeBytes, digest: `sha256:${hex}` };
    },
    piece: (id, { from, to }, digest) =>
      `${upload(id)}piece-${String(from).padStart(offsetDigits, '0')}-${to - from}-${hexOf(digest)}`,
    pieceIn(key) {
      const [, from, size, hex] = /\/piece-(\d+)-(\d+)-([0-9a-f]{64})$/.exec(key) ?? [];
      if (from === undefined || size === undefined || hex === undefined) return undefined;
      const start = Number(from);
      return { key, range: { from: start, to: start + Number(size) }, digest: `sha256:${hex}` };
    },
  };
}
