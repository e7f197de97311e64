import type { Problem } from '#schema';

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = string;

export interface Blob {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** Half-open byte range. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** A blob on its way in. Plain data: it outlives the process, so that an upload can be resumed. */
export interface Upload {
  readonly id: string;
  readonly sizeBytes: number;
  /** Known beforehand and checked at the end, when given. */
  readonly digest?: Digest | undefined;
  /** What is safely on disk, sorted and merged. */
  readonly received: readonly ByteRange[];
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** Content-addressed storage of big files. A blob, once committed, never changes. */
export interface Blobs {
  /** Opens an upload, or the one already open under this id (with the same size and digest). */
  begin(upload: Omit<Upload, 'received'>): Promise<Result<Upload>>;
  /**
   * Writes bytes at an offset, as they come. Several writes of one upload may run at once on disjoint ranges.
   * What it has acknowledged, in the answer or through `upload`, survives kill -9. A source that fails midway
   * keeps what had come.
   */
  write(id: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<Result<Upload>>;
  upload(id: string): Promise<Upload | undefined>;
  /** Checks size and digest and makes the blob visible; the same content twice is one blob. */
  commit(id: string): Promise<Result<Blob>>;
  abort(id: string): Promise<void>;
  stat(digest: Digest): Promise<Blob | undefined>;
  read(digest: Digest, range?: ByteRange): AsyncIterable<Uint8Array>;
  list(): Promise<readonly Blob[]>;
  delete(digest: Digest): Promise<void>;
  /** Only where blobs are files on this machine: the path an engine can map into memory. */
  localPath?(digest: Digest): Promise<string | undefined>;
}
