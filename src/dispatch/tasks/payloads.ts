import { partsOf, ProblemError, type BlobPart, type Payload } from '#schema';
import type { Blobs, Clock, Rng } from '#contracts';
import { blobHeadBytes, writeBlobHead } from './blob-head.ts';
import { joined } from '../joined.ts';

/** More than this does not go through the queue's database. */
export const inlineBytesMax = 65_536;

/** So much of a long payload is held while it is put away, and lies in one blob. */
const partBytesMax = 8 * 1024 * 1024;

/** Puts bytes away as they come, however many there are. */
export interface Gathering {
  add(bytes: Uint8Array): Promise<void>;
  end(): Promise<Payload>;
  /** Instead of an end: nothing stays of it. */
  drop(): Promise<void>;
}

/** Where the bytes of tasks are: few in the task itself, many in the blob store. */
export interface Payloads {
  /** `owner` is the id of the task they are for: blobs that it does not have in the end are swept away. */
  keep(bytes: Uint8Array, owner: string): Promise<Payload>;
  /** For bytes that are too many to be held, or of which nobody knows beforehand how many they are. */
  gather(owner: string): Gathering;
  load(payload: Payload): Promise<Uint8Array>;
  read(payload: Payload): AsyncIterable<Uint8Array>;
  /** For bytes that no task has come to own, and for those of tasks that are gone. */
  drop(digests: readonly string[]): Promise<void>;
}

export interface PayloadsDeps {
  readonly blobs: Blobs;
  readonly rng: Rng;
  readonly clock: Pick<Clock, 'nowMs'>;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** One blob of one task: its head tells whose it is, and makes it like no other. */
async function keepBlob({ blobs, rng, clock }: PayloadsDeps, bytes: Uint8Array, owner: string) {
  const head = writeBlobHead({ owner, writtenAtMs: clock.nowMs(), salt: rng.secretHex(8) });
  const whole = joined([head, bytes], head.length + bytes.length);
  const id = `task-${rng.secretHex(8)}`;
  const begun = await blobs.begin({ id, sizeBytes: whole.length });
  const written = begun.ok ? await blobs.write(id, 0, once(whole)) : begun;
  const committed = written.ok ? await blobs.commit(id) : written;
  if (!committed.ok) throw new ProblemError(committed.problem);
  return { digest: committed.value.digest, sizeBytes: bytes.length };
}

function createGathering(deps: PayloadsDeps, owner: string): Gathering {
  const parts: BlobPart[] = [];
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let sizeBytes = 0;

  async function putAway(): Promise<void> {
    const bytes = joined(held, heldBytes);
    held = [];
    heldBytes = 0;
    parts.push(await keepBlob(deps, bytes, owner));
  }
  return {
    async add(bytes) {
      held.push(bytes);
      heldBytes += bytes.length;
      sizeBytes += bytes.length;
      if (heldBytes >= partBytesMax) await putAway();
    },
    async end() {
      if (heldBytes > 0) await putAway();
      return { kind: 'parts', parts, sizeBytes };
    },
    async drop() {
      held = [];
      for (const { digest } of parts) await deps.blobs.delete(digest);
    },
  };
}

/**
 * Blobs are found by their content, so equal ones would be one blob, and nobody could tell whether the end of one task
 * is the end of it. A head with a salt makes each the blob of one task.
 */
export function createPayloads(deps: PayloadsDeps): Payloads {
  const { blobs } = deps;
  async function* read(payload: Payload): AsyncGenerator<Uint8Array> {
    if (payload.kind === 'inline') yield payload.bytes;
    for (const { digest, sizeBytes } of partsOf(payload))
      yield* blobs.read(digest, { from: blobHeadBytes, to: blobHeadBytes + sizeBytes });
  }
  return {
    async keep(bytes, owner) {
      if (bytes.length <= inlineBytesMax) return { kind: 'inline', bytes };
      return { kind: 'blob', ...(await keepBlob(deps, bytes, owner)) };
    },
    gather: (owner) => createGathering(deps, owner),
    async load(payload) {
      if (payload.kind === 'inline') return payload.bytes;
      const pieces: Uint8Array[] = [];
      for await (const piece of read(payload)) pieces.push(piece);
      return joined(pieces, payload.sizeBytes);
    },
    read,
    async drop(digests) {
      for (const digest of digests) await blobs.delete(digest);
    },
  };
}
