import type { ServerResponse } from 'node:http';
import type { Clock } from '#contracts';

export interface PaceParts {
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** A client that leaves an answer unread for this long is cut off. */
  readonly slowClientMs: number;
  /** Lets whoever feeds the answer go on after a pause. */
  readonly resume: () => void;
}

/** Writes no faster than the client reads. */
export interface Pace {
  /** False: whoever feeds the answer should pause until `resume`. Nothing is written once the answer has ended. */
  write(bytes: Uint8Array | string): boolean;
  /** Ends the answer, once; the client still has to read what is left in time. */
  end(bytes?: Uint8Array | string): void;
}

export function createPace({ response, clock, slowClientMs, resume }: PaceParts): Pace {
  let stopTimer: (() => void) | undefined;
  function stop(): void {
    stopTimer?.();
    stopTimer = undefined;
  }
  function start(): void {
    stopTimer ??= clock.setTimer(slowClientMs, () => response.destroy());
  }
  response.on('drain', () => {
    stop();
    resume();
  });
  response.on('close', stop);
  return {
    write(bytes) {
      if (!response.writable || response.write(bytes)) return true;
      start();
      return false;
    },
    end(bytes) {
      if (!response.writable) return;
      response.end(bytes);
      if (response.writableLength > 0) start();
    },
  };
}
