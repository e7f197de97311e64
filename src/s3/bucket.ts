import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { _Object } from '@aws-sdk/client-s3';
import { ProblemError } from '#schema';
import { isNotThere, problemOfS3 } from './faults.ts';
import { readOn, type Opened, type Span } from './read-on.ts';
import { connect, type Connection } from './connection.ts';
import type { S3Settings } from './settings.ts';
import { writeLong } from './write-long.ts';

export interface S3Object {
  readonly key: string;
  readonly sizeBytes: number;
  /** Changes with the content. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Refuse another content than this. */
  readonly etag?: string | undefined;
}

/** One bucket. Refuses by throwing a ProblemError. Requests that fail are tried again by the library. */
export interface Bucket {
  head(key: string, signal?: AbortSignal): Promise<S3Object | undefined>;
  /** Goes on where it was when the connection breaks, as long as the object stays the same. */
  read(key: string, span: Span, given?: ReadOptions): AsyncIterable<Uint8Array>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** In parts, of which one at a time is held. When the source fails there is no object. */
  putLong(key: string, sizeBytes: number, source: AsyncIterable<Uint8Array>): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  /** Ordered by key. */
  list(prefix: string): AsyncIterable<S3Object>;
  remove(key: string): Promise<void>;
  close(): void;
}

function until(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function headOf({ library, client }: Connection, name: string): Bucket['head'] {
  return async (key, signal) => {
    try {
      const asked = new library.HeadObjectCommand({ Bucket: name, Key: key });
      const found = await client.send(asked, until(signal));
      const { ContentLength: sizeBytes = 0, ETag: etag = '', LastModified: modified } = found;
      return { key, sizeBytes, etag, modifiedMs: modified?.getTime() ?? 0 };
    } catch (fault) {
      if (isNotThere(fault)) return undefined;
      throw fault;
    }
  };
}

function openerOf({ library, client }: Connection, name: string) {
  return async (key: string, { from, to }: Span, { etag: wanted, signal }: ReadOptions): Promise<Opened> => {
    const asked = new library.GetObjectCommand({
      Bucket: name,
      Key: key,
      Range: `bytes=${from}-${to - 1}`,
      ...(wanted !== undefined && { IfMatch: wanted }),
    });
    const { Body: body, ETag: etag } = await client.send(asked, until(signal));
    assert(body instanceof Readable);
    return { body, etag };
  };
}

function toObject({
  Key: key = '',
  Size: sizeBytes = 0,
  ETag: etag = '',
  LastModified: at,
}: _Object): S3Object {
  return { key, sizeBytes, etag, modifiedMs: at?.getTime() ?? 0 };
}

async function* listed(
  { library, client }: Connection,
  name: string,
  prefix: string,
): AsyncGenerator<S3Object> {
  let after: string | undefined;
  for (;;) {
    const asked = { Bucket: name, Prefix: prefix, ...(after !== undefined && { StartAfter: after }) };
    const page = await client.send(new library.ListObjectsV2Command(asked));
    const objects = (page.Contents ?? []).map(toObject);
    yield* objects;
    after = objects.at(-1)?.key;
    if (page.IsTruncated !== true || after === undefined) return;
  }
}

/** A part of a path in a URL; slashes stay. */
function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** A bucket on an S3-compatible server. Nothing is asked of it yet. */
export async function openBucket(settings: S3Settings, name: string): Promise<Bucket> {
  const connection = await connect(settings);
  const { library, client } = connection;
  const where = `The bucket "${name}"`;
  const told = (fault: unknown): never => {
    throw new ProblemError(problemOfS3(fault, where));
  };
  const open = openerOf(connection, name);
  const head = headOf(connection, name);

  return {
    head: (key, signal) => head(key, signal).catch(told),
    async *read(key, span, { etag: wanted, signal } = {}) {
      try {
        yield* readOn((rest, etag = wanted) => open(key, rest, { etag, signal }), span);
      } catch (fault) {
        told(fault);
      }
    },
    async put(key, bytes) {
      await client.send(new library.PutObjectCommand({ Bucket: name, Key: key, Body: bytes })).catch(told);
    },
    putLong: (key, sizeBytes, source) => writeLong(connection, { name, key, sizeBytes }, source).catch(told),
    async copy(from, to) {
      const source = encoded(`${name}/${from}`);
      await client
        .send(new library.CopyObjectCommand({ Bucket: name, Key: to, CopySource: source }))
        .catch(told);
    },
    async *list(prefix) {
      try {
        yield* listed(connection, name, prefix);
      } catch (fault) {
        told(fault);
      }
    },
    async remove(key) {
      await client
        .send(new library.DeleteObjectCommand({ Bucket: name, Key: key }))
        .catch((fault: unknown) => {
          if (!isNotThere(fault)) told(fault);
        });
    },
    close: () => client.destroy(),
  };
}
