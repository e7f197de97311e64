import { basename } from 'node:path/posix';
import type { Result, Source, SourceFile } from '#contracts';
import { problem, ProblemError, problemOf, type Problem } from '#schema';
import { openBucket, type Bucket, type S3Object, type S3Settings } from '#s3';
import { exactBytes } from '../exact-bytes.ts';
import { notThere, unavailable, unreadable } from '../unavailable.ts';

interface Address {
  readonly bucket: string;
  readonly key: string;
}

function parseAddress(uri: string): Result<Address> {
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9._-]{1,254})\/(.+)$/.exec(uri) ?? [];
  if (bucket !== undefined && key !== undefined && !key.endsWith('/'))
    return { ok: true, value: { bucket, key } };
  const message = `"${uri}" is not an address of an object. Write s3://BUCKET/KEY.`;
  return { ok: false, problem: problem('invalid_request', message, { param: 'source' }) };
}

/** A store that cannot be used is, for a pull, a place that did not deliver. */
function asSource(cause: Problem): Problem {
  if (cause.code !== 'storage_unavailable') return cause;
  return cause.message.includes('Check the credentials')
    ? unreadable(cause.message)
    : unavailable(cause.message);
}

async function* readObject(
  bucket: Bucket,
  { key, etag }: S3Object,
  ...[range, signal]: Parameters<SourceFile['read']>
): AsyncGenerator<Uint8Array> {
  if (range.from >= range.to) return;
  try {
    yield* bucket.read(key, range, { signal, etag });
  } catch (fault) {
    throw new ProblemError(asSource(problemOf(fault)));
  }
}

function fileOf(bucket: Bucket, name: string, object: S3Object): SourceFile {
  const where = `s3://${name}/${object.key}`;
  return {
    name: basename(object.key),
    sizeBytes: object.sizeBytes,
    identity: object.etag,
    ranged: true,
    read: (range, signal) => exactBytes(readObject(bucket, object, range, signal), { range, signal, where }),
  };
}

/** Objects in buckets of the one server that is configured. */
export function createS3Source(settings: S3Settings): Source {
  const buckets = new Map<string, Promise<Bucket>>();

  function bucketNamed(name: string): Promise<Bucket> {
    const known = buckets.get(name) ?? openBucket(settings, name);
    buckets.set(name, known);
    return known;
  }
  return {
    scheme: 's3',
    async open(uri, signal) {
      const address = parseAddress(uri);
      if (!address.ok) return address;
      const { bucket: name, key } = address.value;
      try {
        const bucket = await bucketNamed(name);
        const object = await bucket.head(key, signal);
        return object
          ? { ok: true, value: fileOf(bucket, name, object) }
          : { ok: false, problem: notThere(`There is no object ${uri}.`) };
      } catch (fault) {
        return { ok: false, problem: asSource(problemOf(fault)) };
      }
    },
  };
}
