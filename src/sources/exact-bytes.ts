import type { ByteRange } from '#contracts';
import type { Problem } from '#schema';
import { ProblemError } from '#schema';
import { nameOf, unavailable } from './unavailable.ts';

interface Wanted {
  readonly range: ByteRange;
  /** For messages, without secrets. */
  readonly where: string;
  readonly signal: AbortSignal;
}

/** Passes bytes on and holds the giver to the range: a line that breaks or says too much is a problem, never silence. */
export async function* exactBytes(
  source: AsyncIterable<Uint8Array>,
  wanted: Wanted,
): AsyncIterable<Uint8Array> {
  const { range, where } = wanted;
  const sizeBytes = range.to - range.from;
  let seen = 0;
  try {
    for await (const chunk of source) {
      seen += chunk.length;
      if (seen > sizeBytes) break;
      yield chunk;
    }
  } catch (cause) {
    throw new ProblemError(faultOf(cause, wanted, seen));
  }
  if (seen === sizeBytes) return;
  const amount = seen > sizeBytes ? 'more than' : `${seen} of`;
  throw new ProblemError(unavailable(`${where} sent ${amount} the ${sizeBytes} bytes that were asked for.`));
}

/** What was there when it was opened may be back soon, under another signature perhaps: that is for the next opening. */
function forNow({ message, retryAfterMs }: Problem): Problem {
  return unavailable(message, retryAfterMs);
}

function faultOf(cause: unknown, wanted: Wanted, seen: number): Problem {
  if (cause instanceof ProblemError) return forNow(cause.problem);
  if (wanted.signal.aborted) return unavailable(`Reading from ${wanted.where} was cancelled.`);
  const { from, to } = wanted.range;
  return unavailable(`${wanted.where} broke off after ${seen} of ${to - from} bytes: ${nameOf(cause)}.`);
}
