import { problem, ProblemError } from '#schema';
import type { Clock } from '#contracts';

export interface Deadline {
  readonly timeoutMs: number;
  /** Ends the work early; its own end is told to the work by the signal it is handed. */
  readonly signal: AbortSignal;
  /** For the message: "the probe did not end within 2000 ms". */
  readonly what: string;
}

/**
 * Runs work that must end. When time is up or the signal fires, the work's own signal fires and the promise rejects at
 * once, whether or not the work listens.
 */
export async function withDeadline<T>(
  clock: Clock,
  { timeoutMs, signal, what }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const giveUp = (message: string): void => {
      controller.abort();
      settle(() => reject(new ProblemError(problem('internal', message))));
    };
    const onAbort = (): void => giveUp(`${what} was cancelled`);
    const cancelTimer = clock.setTimer(timeoutMs, () => giveUp(`${what} did not end within ${timeoutMs} ms`));
    const settle = (end: () => void): void => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      end();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
      return;
    }
    work(controller.signal).then(
      (value) => settle(() => resolve(value)),
      (thrown: unknown) => settle(() => reject(thrown)),
    );
  });
}
