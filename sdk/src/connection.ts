import { MillraceError } from './error.ts';
import { connectionFault, type Call, type Http } from './http.ts';
import { readEvents, type SseEvent } from './sse.ts';

/** The server sends something every 15 s; after three silences the connection is taken for dead. */
const silenceMs = 45_000;

/** Ends a connection that says nothing any more, or whose reader has left. */
function createWatchdog(outer: AbortSignal | undefined): {
  readonly signal: AbortSignal;
  readonly fed: () => void;
  readonly stop: () => void;
} {
  const controller = new AbortController();
  const end = (): void => {
    controller.abort(outer?.reason);
  };
  let timer = setTimeout(end, silenceMs);
  if (outer?.aborted === true) end();
  outer?.addEventListener('abort', end, { once: true });
  return {
    signal: controller.signal,
    fed: () => {
      clearTimeout(timer);
      timer = setTimeout(end, silenceMs);
    },
    stop: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', end);
      controller.abort();
    },
  };
}

/** The events of one connection, for as long as there are signs of life on it. */
export async function* eventsOf(
  http: Http,
  call: Pick<Call, 'path' | 'query'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<SseEvent, void, undefined> {
  const watchdog = createWatchdog(signal);
  try {
    const response = await http.send({ ...call, signal: watchdog.signal });
    if (response.body) yield* readEvents(response.body, watchdog.fed);
  } catch (fault) {
    throw connectionFault(fault, call.path, signal);
  } finally {
    watchdog.stop();
  }
}

/** Failures in a row before whoever follows something gives up. */
export const failuresMax = 10;

/** Throws what trying again cannot mend. */
export function mustEnd(fault: unknown, signal: AbortSignal | undefined, lastTry: boolean): MillraceError {
  if (lastTry || signal?.aborted === true) throw fault;
  if (!(fault instanceof MillraceError) || fault.retry === 'never') throw fault;
  return fault;
}
