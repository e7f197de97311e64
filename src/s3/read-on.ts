import type { Readable } from 'node:stream';
import { problem, ProblemError } from '#schema';
import { isNotThere } from './faults.ts';

/** Half-open byte range. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Opened {
  readonly body: Readable;
  readonly etag: string | undefined;
}

/** How often in a row a connection may break without bringing anything. */
const barrenMax = 3;

function isFinal(fault: unknown): boolean {
  const changed = fault instanceof Error && fault.name === 'PreconditionFailed';
  const cancelled = fault instanceof Error && fault.name === 'AbortError';
  return changed || cancelled || isNotThere(fault);
}

async function* bytesOf(body: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of body) if (piece instanceof Uint8Array) yield piece;
}

const brokenOff = problem('storage_unavailable', 'The answer ended before the object did.');

/**
 * The bytes of a span. A connection that breaks is followed by another, which goes on where that one was; `open` is
 * given the tag of the object as it was first seen, and refuses when it is another one by now.
 */
export async function* readOn(
  open: (rest: Span, etag: string | undefined) => Promise<Opened>,
  span: Span,
): AsyncGenerator<Uint8Array> {
  let at = span.from;
  let etag: string | undefined;
  let barren = 0;
  while (at < span.to) {
    const before = at;
    try {
      const opened = await open({ from: at, to: span.to }, etag);
      etag ??= opened.etag;
      for await (const piece of bytesOf(opened.body)) {
        at += piece.length;
        yield piece;
      }
      if (at < span.to) throw new ProblemError(brokenOff);
    } catch (fault) {
      barren = at > before ? 0 : barren + 1;
      if (isFinal(fault) || barren >= barrenMax) throw fault;
    }
  }
}
