import type { Bucket } from '#s3';
import type { Keys } from './keys.ts';

const weekMs = 7 * 24 * 3600 * 1000;

/** Frees what nobody has written to for a week. */
export async function removeAbandoned(
  { bucket, keys }: { readonly bucket: Bucket; readonly keys: Keys },
  nowMs: number,
): Promise<void> {
  const uploads = new Map<string, { lastMs: number; readonly keys: string[] }>();
  for await (const { key, modifiedMs } of bucket.list(keys.uploads)) {
    const id = key.slice(keys.uploads.length).split('/', 1)[0] ?? '';
    const upload = uploads.get(id) ?? { lastMs: 0, keys: [] };
    upload.lastMs = Math.max(upload.lastMs, modifiedMs);
    upload.keys.push(key);
    uploads.set(id, upload);
  }
  for (const upload of uploads.values())
    if (upload.lastMs < nowMs - weekMs) for (const key of upload.keys) await bucket.remove(key);
}
