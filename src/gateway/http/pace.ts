import type { Clock } from '#contracts';
import type { Reply } from './reply.ts';

export interface PaceParts {
  readonly response: Reply;
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

const lineEnd = [0x0d, 0x0a] as const;

/** One chunk as HTTP/1.1 frames it (RFC 9112, 7.1): its length in hexadecimal, the bytes, line ends. */
function frame(bytes: Uint8Array): Buffer {
  const size = bytes.length.toString(16);
  const framed = Buffer.allocUnsafe(size.length + bytes.length + 4);
  framed.write(size, 0, 'latin1');
  framed.set(lineEnd, size.length);
  framed.set(bytes, size.length + 2);
  framed.set(lineEnd, size.length + 2 + bytes.length);
  return framed;
}

/**
 * Node frames a chunk with four writes, which adds up where every token is a chunk. Here it is one: the frame is made
 * by us and Node told, for the moment, not to make its own.
 */
function writeChunk(response: Reply, bytes: Uint8Array): boolean {
  if (response.chunkedEncoding !== true || bytes.length === 0) return response.write(bytes);
  response.chunkedEncoding = false;
  const flowing = response.write(frame(bytes));
  response.chunkedEncoding = true;
  return flowing;
}

/** Follows one answer from its first byte until its connection closes. */
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
      const flowing =
        !response.writable ||
        (typeof bytes === 'string' ? response.write(bytes) : writeChunk(response, bytes));
      if (flowing) return true;
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
