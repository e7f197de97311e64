import type { ReplyListener } from '#contracts';
import { ChunkReader } from './chunk-reader.ts';
import { readReplyHead, type ReadReply } from './reply-head.ts';

const headBytesMax = 65_536;
const headEnd = '\r\n\r\n';

type Phase = 'head' | 'body' | 'done' | 'broken';

/**
 * Reads one reply off a connection and lends its listener the body, in the memory that was read into. What it is told to
 * be long is read to that length, and what cannot be read is `broken`: then the connection is good for nothing more.
 */
export class ReplyReader {
  phase: Phase = 'head';
  /** Set once the head was read. */
  reply: ReadReply | undefined;
  private readonly listener: ReplyListener;
  private pending: Buffer | undefined;
  private leftBytes = 0;
  private chunks: ChunkReader | undefined;

  constructor(listener: ReplyListener) {
    this.listener = listener;
  }

  get hasBegun(): boolean {
    return this.reply !== undefined || this.pending !== undefined;
  }

  /** Takes the first `count` bytes, which came; false when the listener wants a pause. */
  take(bytes: Buffer, count: number): boolean {
    if (this.phase === 'body') return this.readBody(bytes, count);
    const rest = this.phase === 'head' ? this.readHead(bytes.subarray(0, count)) : undefined;
    // Whoever heard the head may have wanted no more.
    if (rest === undefined || rest.length === 0 || this.phase === 'broken') return true;
    return this.readBody(rest, rest.length);
  }

  /** Nobody listens any more. */
  stop(): void {
    this.phase = 'broken';
  }

  /** The connection has ended; true when that completes the reply. */
  finish(): boolean {
    if (this.phase !== 'body' || this.reply?.framing.kind !== 'open') return this.phase === 'done';
    this.phase = 'done';
    return true;
  }

  /** What follows the head; undefined while the head is not complete. Interim heads (1xx) are passed over. */
  private readHead(bytes: Buffer): Buffer | undefined {
    let rest = this.pending === undefined ? bytes : Buffer.concat([this.pending, bytes]);
    this.pending = undefined;
    for (let endAt = rest.indexOf(headEnd); endAt !== -1; endAt = rest.indexOf(headEnd)) {
      const reply = readReplyHead(rest.toString('latin1', 0, endAt + 2));
      rest = rest.subarray(endAt + headEnd.length);
      if (reply === undefined || reply.head.status === 101) {
        this.phase = 'broken';
        return undefined;
      }
      if (reply.head.status >= 200) {
        this.begin(reply);
        return rest;
      }
    }
    if (rest.length > headBytesMax) this.phase = 'broken';
    else this.pending = Buffer.from(rest);
    return undefined;
  }

  private begin(reply: ReadReply): void {
    const { framing, head } = reply;
    this.reply = reply;
    this.phase = 'body';
    if (framing.kind === 'chunked') this.chunks = new ChunkReader();
    else if (framing.kind === 'length') this.leftBytes = framing.bytes;
    else this.leftBytes = Infinity;
    this.listener.started(head);
    if (this.leftBytes === 0 && this.chunks === undefined) this.phase = 'done';
  }

  private readBody(bytes: Buffer, count: number): boolean {
    return this.chunks === undefined
      ? this.readPlain(bytes, count)
      : this.readChunks(this.chunks, bytes, count);
  }

  private readPlain(bytes: Buffer, count: number): boolean {
    if (count > this.leftBytes) {
      this.phase = 'broken';
      return true;
    }
    this.leftBytes -= count;
    if (this.leftBytes === 0) this.phase = 'done';
    return this.listener.received(bytes.subarray(0, count), this.phase === 'done');
  }

  private readChunks(chunks: ChunkReader, bytes: Buffer, count: number): boolean {
    const data = chunks.read(bytes, count);
    if (chunks.state !== 'more')
      this.phase = chunks.state === 'done' && chunks.at === count ? 'done' : 'broken';
    return data.length === 0 || this.listener.received(data, this.phase === 'done');
  }
}
