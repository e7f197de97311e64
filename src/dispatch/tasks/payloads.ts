import { ProblemError, type Payload } from '#schema';
import type { Blobs, Rng } from '#contracts';
import { joined } from './joined.ts';

/** More than this does not go through the queue's database. */
export const inlineBytesMax = 65_536;

const saltBytes = 16;

/** Where the bytes of tasks are: few in the task itself, many in the blob store. */
export interface Payloads {
  keep(bytes: Uint8Array): Promise<Payload>;
  load(payload: Payload): Promise<Uint8Array>;
  /** For bytes that no task has come to own, and for those of tasks that are gone. */
  drop(digests: readonly string[]): Promise<void>;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/**
 * Blobs are found by their content, so equal ones would be one blob, and nobody could tell whether the end of one task
 * is the end of it. A salt in front makes each the blob of one task.
 */
export function createPayloads(blobs: Blobs, rng: Rng): Payloads {
  return {
    async keep(bytes) {
      if (bytes.length <= inlineBytesMax) return { kind: 'inline', bytes };
      const salt = rng.secretHex(saltBytes / 2);
      const salted = joined(
        [Uint8Array.from(salt, (letter) => letter.charCodeAt(0)), bytes],
        saltBytes + bytes.length,
      );
      const id = `task-${rng.secretHex(8)}`;
      const begun = await blobs.begin({ id, sizeBytes: salted.length });
      const written = begun.ok ? await blobs.write(id, 0, once(salted)) : begun;
      const committed = written.ok ? await blobs.commit(id) : written;
      if (!committed.ok) throw new ProblemError(committed.problem);
      return { kind: 'blob', digest: committed.value.digest, sizeBytes: bytes.length };
    },
    async load(payload) {
      if (payload.kind === 'inline') return payload.bytes;
      const { digest, sizeBytes } = payload;
      const parts: Uint8Array[] = [];
      const range = { from: saltBytes, to: saltBytes + sizeBytes };
      for await (const part of blobs.read(digest, range)) parts.push(part);
      return joined(parts, sizeBytes);
    },
    async drop(digests) {
      for (const digest of digests) await blobs.delete(digest);
    },
  };
}
