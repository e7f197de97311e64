import { ProblemError, problemOf } from '#schema';
import { unavailable } from '../unavailable.ts';

interface Patience {
  readonly signal: AbortSignal;
  /** How long nothing may come. */
  readonly idleMs: number;
}

/**
 * The bytes of a blob that is fetched while it is read. `open` gets a signal that also ends the requests when
 * nothing has come for too long, or when the reader has had enough.
 */
export async function* readBlob(
  { signal, idleMs }: Patience,
  open: (signal: AbortSignal) => Promise<Blob | null | undefined>,
): AsyncIterable<Uint8Array> {
  const ending = new AbortController();
  const idle = setTimeout(() => {
    ending.abort(new ProblemError(unavailable(`Nothing came for ${idleMs} ms.`)));
  }, idleMs);
  try {
    const blob = await open(AbortSignal.any([signal, ending.signal]));
    if (!blob) throw new ProblemError(unavailable('The hub no longer has the file.'));
    for await (const chunk of blob.stream()) {
      yield chunk;
      idle.refresh();
    }
  } catch (cause) {
    // The library turns faults of its requests into bare texts; the reason we ended them for says more.
    throw ending.signal.aborted ? new ProblemError(problemOf(ending.signal.reason)) : cause;
  } finally {
    clearTimeout(idle);
    ending.abort();
  }
}
