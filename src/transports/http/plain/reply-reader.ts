import type { ReplyListener } from '#contracts';
import { ChunkReader } from './chunk-reader.ts';
import { readReplyHead, type ReadReply } from './reply-head.ts';

const headBytesMax = 65_536;
const headEnd = '\r\n\r\n';

type Phase = 'head' | 'body' | 'done' | 'broken';

/**
 * Reads one reply off a connection and tells its listener, which gets bytes of its own: those that were read may be
 * overwritten as soon as `take` returns. What it is told to be long is read to that length, and
 * what cannot be read is `broken`: then the connection is good for nothing more.
 */
export class ReplyReader {
  phase: Phase = 'head';
  /** Set once the head was read. */
  reply: ReadReply | undefined;
  private readonly listener: ReplyListener;
  private pending: Buffer | undefined;
  private leftBytes = 0;
  private chunks: ChunkReader | undefined;
  private payload: Buffer[] = [];

  constructor(listener: ReplyListener) {
    this.listener = listener;
  }

  get hasBegun(): boolean {
    return this.reply !== undefined || this.pending !== undefined;
  }

  /** Takes what came; false when the listener wants a pause. */
  take(bytes: Buffer): boolean {
    const body = this.phase === 'head' ? this.readHead(bytes) : bytes;
    if (body === undefined || this.phase !== 'body') return true;
    if (this.chunks !== undefined) return this.readChunks(this.chunks, body);
    return this.readPlain(body);
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

  private readPlain(bytes: Buffer): boolean {
    if (bytes.length === 0) return true;
    if (bytes.length > this.leftBytes) {
      this.phase = 'broken';
      return true;
    }
    this.leftBytes -= bytes.length;
    if (this.leftBytes === 0) this.phase = 'done';
    return this.listener.received(Buffer.from(bytes));
  }

  private readonly keep = (data: Buffer): void => {
    this.payload.push(data);
  };

  private readChunks(chunks: ChunkReader, bytes: Buffer): boolean {
    const whole = chunks.readWhole(bytes);
    if (whole !== undefined) return this.listener.received(Buffer.from(whole));
    const state = chunks.read(bytes, this.keep);
    const { payload } = this;
    const [only] = payload;
    const data = payload.length > 1 || only === undefined ? Buffer.concat(payload) : Buffer.from(only);
    payload.length = 0;
    if (state === 'broken' || (state === 'done' && chunks.at < bytes.length)) this.phase = 'broken';
    else if (state === 'done') this.phase = 'done';
    return data.length === 0 ? true : this.listener.received(data);
  }
}
