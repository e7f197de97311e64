import { createConnection, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectSecurely, type ConnectionOptions } from 'node:tls';
import { problem, type Problem } from '#schema';
import type { ReplyListener } from '#contracts';
import { ReplyReader } from './reply-reader.ts';

/** Where a wire leads. */
export interface Target {
  /** A unix socket, or host and port. */
  readonly address: { readonly path: string } | { readonly host: string; readonly port: number };
  /** Over TLS. */
  readonly isSecure: boolean;
  /** The value of the `host` header. */
  readonly host: string;
  readonly basePath: string;
}

/** What a wire asks of the pool it belongs to. */
export interface WireOwner {
  readonly target: Target;
  /** The wire may take another call. */
  freed(wire: Wire): void;
  /** The wire is gone. */
  lost(wire: Wire): void;
  nowMs(): number;
  /** Of TLS: what the last connection was told for the next one, which is then made with less ado. */
  session: Buffer | undefined;
}

const connectMs = 10_000;
/**
 * Silence after which the kernel asks over TCP whether the other end is still there, each second, ten times. A machine
 * that went away without a word would otherwise be waited for for ever: replies have no time limit.
 */
const probeAfterMs = 30_000;
/**
 * Every wire reads into this: a read is over before the next begins, so one piece of memory, always in the cache, does
 * for all of them. Who hears a reply is lent what stands in it.
 */
const room = Buffer.allocUnsafeSlow(65_536);
/** Bodies up to this are copied behind their head, to leave in one write. */
const joinBytesMax = 65_536;
/**
 * An idle connection is kept this long at most: less than the 5 s after which common Python servers close it, and what
 * a crowd has opened is soon given back. Steady work takes the one used last, and so keeps what it needs.
 */
const keepAliveMaxMs = 4000;
/** Over TLS a new one costs several round trips, often to far away, and what stands there seldom closes so soon. */
const secureKeepAliveMaxMs = 30_000;

function openSocket({ target: { address, isSecure }, session }: WireOwner, onread: OnReadOpts): Socket {
  if (!isSecure || 'path' in address) return createConnection({ ...address, onread });
  const options: ConnectionOptions & { readonly onread: OnReadOpts } = { ...address, onread };
  // Names are told to the server, and addresses must not be.
  if (isIP(address.host) === 0) options.servername = address.host;
  if (session !== undefined) options.session = session;
  return connectSecurely(options);
}

/** What a caller may know: that it failed and how, not where our replicas listen. */
function lostProblem(how: string): Problem {
  return problem('replica_failed', `The connection to the replica failed (${how}).`, { retryAfterMs: 1000 });
}

/** One connection to a replica, HTTP/1.1, one call after another. */
export class Wire {
  /** Used no longer than until then once it is idle. */
  idleUntilMs = 0;
  private readonly owner: WireOwner;
  private readonly socket: Socket;
  private reader: ReplyReader | undefined;
  private listener: ReplyListener | undefined;
  private isConnected = false;
  private why = 'broken off';

  constructor(owner: WireOwner) {
    this.owner = owner;
    this.socket = openSocket(owner, { buffer: room, callback: this.hear });
    this.socket.setTimeout(connectMs, () => {
      this.why = 'no connection in time';
      this.socket.destroy();
    });
    this.socket.once('connect', () => {
      this.socket.setNoDelay(true);
      this.socket.setKeepAlive(true, probeAfterMs);
    });
    this.socket.once(owner.target.isSecure ? 'secureConnect' : 'connect', () => {
      this.isConnected = true;
      this.socket.setTimeout(0);
    });
    this.socket.on('session', (session: Buffer) => {
      owner.session = session;
    });
    this.socket.on('error', (fault: NodeJS.ErrnoException) => {
      this.why = fault.code ?? fault.message;
    });
    this.socket.on('end', this.gone);
    this.socket.on('close', this.gone);
  }

  get isUsable(): boolean {
    return this.socket.writable && this.socket.writableLength === 0;
  }

  /** Sends a request; `head` ends with its empty line. */
  send(head: string, body: Uint8Array | undefined, listener: ReplyListener): void {
    this.listener = listener;
    this.reader = new ReplyReader(listener);
    const { socket } = this;
    if (body === undefined || body.length === 0) socket.write(head, 'latin1');
    else if (body.length <= joinBytesMax) {
      const piece = Buffer.allocUnsafe(head.length + body.length);
      piece.write(head, 0, 'latin1');
      piece.set(body, head.length);
      socket.write(piece);
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
  }

  /** Nobody waits for the reply any more: closing tells the replica so. */
  cancel(listener: ReplyListener): void {
    if (this.listener === listener) this.destroy();
  }

  resume(listener: ReplyListener): void {
    if (this.listener === listener) this.socket.resume();
  }

  destroy(): void {
    this.reader?.stop();
    this.listener = undefined;
    this.reader = undefined;
    this.socket.destroy();
  }

  private readonly hear = (count: number): boolean => {
    const { reader } = this;
    if (reader === undefined) {
      // Nobody asked: whatever this is, it must not be taken for the next reply.
      this.socket.destroy();
      return true;
    }
    const flowing = reader.take(room, count);
    if (reader.phase === 'done') this.complete(reader);
    else if (reader.phase === 'broken') {
      this.why = 'its reply cannot be read';
      this.socket.destroy();
      this.gone();
    }
    // A pause is meant for the reply it came from, not for one that has begun since.
    return flowing || this.reader !== reader;
  };

  private complete(reader: ReplyReader): void {
    const { listener, socket } = this;
    this.listener = undefined;
    this.reader = undefined;
    const { reusable = false, keepAliveMs } = reader.reply ?? {};
    if (reusable && this.isUsable) {
      const keepMaxMs = this.owner.target.isSecure ? secureKeepAliveMaxMs : keepAliveMaxMs;
      const keepMs = Math.min((keepAliveMs ?? Infinity) - 1000, keepMaxMs);
      this.idleUntilMs = this.owner.nowMs() + keepMs;
      this.owner.freed(this);
    } else socket.destroy();
    listener?.ended();
  }

  private readonly gone = (): void => {
    const { listener, reader } = this;
    this.listener = undefined;
    this.reader = undefined;
    this.owner.lost(this);
    this.socket.destroy();
    if (listener === undefined) return;
    if (reader?.finish() === true) listener.ended();
    else listener.failed(lostProblem(this.why), this.isConnected);
  };
}
