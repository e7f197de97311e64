import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Payload } from '#schema';
import type { Payloads } from '#dispatch';

const idleMs = 60_000;

interface Sending {
  readonly payloads: Pick<Payloads, 'read'>;
  readonly payload: Payload;
  /** Writes the head of the answer. */
  readonly head: () => void;
}

/**
 * Answers with bytes as they are read, never holding more than a part of them; a client that stops reading, or leaves,
 * stops the reading. What cannot be read at all is thrown before the answer has begun.
 */
export async function sendPayload(response: ServerResponse, given: Sending): Promise<void> {
  const rest = given.payloads.read(given.payload)[Symbol.asyncIterator]();
  const first = await rest.next();
  async function* all(): AsyncGenerator<Uint8Array> {
    if (first.done !== true) yield first.value;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  given.head();
  response.setTimeout(idleMs, () => response.destroy());
  await pipeline(Readable.from(all()), response).catch((fault: unknown) => {
    if (!response.destroyed) throw fault;
  });
}
