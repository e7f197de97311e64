import type { IncomingHttpHeaders } from 'node:http';
import { problem, ProblemError } from '#schema';
import type { Counters } from './counters.ts';
import type { Gather } from './gather.ts';
import type { Work } from './work.ts';

/** How a request hears of its result. */
interface Hearing<Result> {
  readonly signal: AbortSignal;
  done(result: Result): void;
  failed(error: unknown): void;
}

interface Entering<Result> {
  readonly gather: Gather<Work>;
  readonly counters: Counters;
  readonly call: { readonly headers: IncomingHttpHeaders; readonly signal: AbortSignal };
  /** Reads the request; what it throws is the answer, and gives the seat back. */
  readonly work: (hearing: Hearing<Result>) => Work;
}

/** Takes a request into its batch and waits for its result; rejects at once when its client leaves. */
export async function admit<Result>({ gather, counters, call, work }: Entering<Result>): Promise<Result> {
  const seat = gather.seat(call.headers);
  counters.requests += 1;
  counters.active += 1;
  try {
    return await new Promise<Result>((resolve, reject) => {
      const left = (): void => {
        counters.cancelled += 1;
        reject(new ProblemError(problem('client_closed_request')));
      };
      call.signal.addEventListener('abort', left, { once: true });
      seat.take(work({ signal: call.signal, done: resolve, failed: reject }));
    });
  } catch (error) {
    seat.leave();
    throw error;
  } finally {
    counters.active -= 1;
  }
}
