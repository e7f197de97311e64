import type { Clock } from '#contracts';
import { frameChunk } from './chunk-frame.ts';
import type { Reply } from './reply.ts';

export interface PaceParts {
  readonly response: Reply;
  readonly clock: Clock;
  /** A client that leaves an answer unread for this long is cut off. */
  readonly slowClientMs: number;
  /** Whoever feeds the answer: goes on after a pause. */
  readonly source: { resume(): void };
}

/**
 * Node frames a chunk with four writes, which adds up where every token is a chunk. Here it is one: the frame is made
 * by us and Node told, for the moment, not to make its own.
 */
function writeChunk(response: Reply, bytes: Uint8Array): boolean {
  if (response.chunkedEncoding !== true || bytes.length === 0) return response.write(bytes);
  response.chunkedEncoding = false;
  const flowing = response.write(frameChunk(bytes));
  response.chunkedEncoding = true;
  return flowing;
}

/**
 * Writes one answer no faster than its client reads. A class, since one is made for every request and every chunk passes
 * it; nothing is listened for and no timer set before the client falls behind.
 */
export class Pace {
  private readonly parts: PaceParts;
  private stopTimer: (() => void) | undefined;
  private isListening = false;

  constructor(parts: PaceParts) {
    this.parts = parts;
  }

  /** False: whoever feeds the answer should pause until it is resumed. Nothing is written once the answer has ended. */
  write(bytes: Uint8Array | string): boolean {
    const { response } = this.parts;
    if (!response.writable || response.destroyed) return true;
    if (typeof bytes === 'string' ? response.write(bytes) : writeChunk(response, bytes)) return true;
    this.wait();
    return false;
  }

  /** Ends the answer, once; the client still has to read what is left in time. */
  end(bytes?: Uint8Array | string): void {
    const { response } = this.parts;
    if (!response.writable) return;
    response.end(bytes);
    if (response.writableLength > 0) this.wait();
    else this.stop();
  }

  private wait(): void {
    const { response, clock, slowClientMs } = this.parts;
    this.stopTimer ??= clock.setTimer(slowClientMs, () => response.destroy());
    if (this.isListening) return;
    this.isListening = true;
    response.on('drain', () => {
      this.stop();
      this.parts.source.resume();
    });
    response.on('close', () => {
      this.stop();
    });
  }

  private stop(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
  }
}
