import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { EndpointPath } from '#schema';
import { BodyParts } from '../body-parts.ts';
import type { Identity } from '../exchange.ts';
import type { ReadHeader } from '../onward.ts';
import type { Reply } from '../reply.ts';
import { readPlainHead, type PlainHead } from './head.ts';
import type { PlainLine } from './plain-line.ts';
import { PlainReply } from './plain-reply.ts';

/** A request of a plain connection, its body still to come. */
export interface PlainRequest {
  readonly endpoint: EndpointPath;
  readonly identity: Identity;
  readonly header: ReadHeader;
  readonly requestId: string;
}

/** What plain connections are served by. */
export interface PlainService {
  /** Takes a request whose body is no longer than what is allowed; undefined leaves the refusal to Node's side. */
  admit(head: PlainHead): PlainRequest | undefined;
  serve(request: PlainRequest, body: Buffer, reply: Reply): void;
  dateLine(): string;
  nowMs(): number;
}

/** Hands the socket to Node's HTTP server, with what was read from it and not understood. */
export type HandOver = (socket: Socket, bytes: Buffer) => void;

const methodCharactersMax = 16;
const requestStart = /^[A-Z]{1,16}(?: |$)/;
const headEnd = '\r\n\r\n';
/** What a client sends ahead of our answer and is kept; beyond that its socket is not read. */
const aheadBytesMax = 65_536;

/**
 * One client's connection on which plain requests follow each other. It reads heads it fully understands and frames
 * answers itself; the first thing that is out of the ordinary goes to Node's HTTP server together with the socket.
 */
export class PlainConnection implements PlainLine {
  readonly socket: Socket;
  readonly isEncrypted: boolean;
  /** When it last began to wait for its client; undefined while the client waits for us. */
  waitsSinceMs: number | undefined;
  /** No request has come yet. */
  isFresh = true;
  private readonly service: PlainService;
  private readonly handOver: HandOver;
  private request: PlainRequest | undefined;
  private parts: BodyParts | undefined;
  private missingBytes = 0;
  private reply: PlainReply | undefined;
  private ahead: Buffer | undefined;

  constructor(socket: Socket, service: PlainService, handOver: HandOver) {
    this.socket = socket;
    this.isEncrypted = socket instanceof TLSSocket;
    this.service = service;
    this.handOver = handOver;
    this.waitsSinceMs = service.nowMs();
    socket.on('data', this.hear);
    socket.on('drain', this.drained);
    socket.on('end', this.ended);
    socket.on('close', this.closed);
    socket.on('error', this.failed);
  }

  /** Neither a request nor a part of one is here. */
  get isIdle(): boolean {
    return this.reply === undefined && this.request === undefined;
  }

  /** A body is on its way. */
  get isReceiving(): boolean {
    return this.request !== undefined;
  }

  dateLine(): string {
    return this.service.dateLine();
  }

  /** Our answer is out: the next request may come, or has. */
  answered(): void {
    this.reply = undefined;
    this.waitsSinceMs = this.service.nowMs();
    if (this.ahead !== undefined) process.nextTick(this.takeNext);
  }

  private readonly hear = (bytes: Buffer): void => {
    if (this.request !== undefined) this.collect(this.request, bytes);
    else if (this.reply === undefined && this.ahead === undefined) this.begin(bytes);
    else this.keepAhead(bytes);
  };

  private readonly takeNext = (): void => {
    const { ahead } = this;
    if (ahead === undefined || this.reply !== undefined || this.socket.destroyed) return;
    this.ahead = undefined;
    if (this.socket.isPaused()) this.socket.resume();
    this.begin(ahead);
  };

  /** What comes ahead of our answer must at least begin like a request; a client that sends noise is not waited for. */
  private keepAhead(bytes: Buffer): void {
    if (
      this.ahead === undefined &&
      !requestStart.test(bytes.toString('latin1', 0, methodCharactersMax + 1))
    ) {
      this.socket.destroy();
      return;
    }
    this.ahead = this.ahead === undefined ? bytes : Buffer.concat([this.ahead, bytes]);
    if (this.ahead.length > aheadBytesMax) this.socket.pause();
  }

  private begin(bytes: Buffer): void {
    const endAt = bytes.indexOf(headEnd);
    const head = endAt === -1 ? undefined : readPlainHead(bytes.toString('latin1', 0, endAt + 2));
    const request = head === undefined ? undefined : this.service.admit(head);
    if (head === undefined || request === undefined) {
      this.leave(bytes);
      return;
    }
    const bodyFrom = endAt + headEnd.length;
    const bodyTo = bodyFrom + head.contentLengthBytes;
    if (bytes.length < bodyTo) {
      this.request = request;
      this.missingBytes = head.contentLengthBytes;
      this.waitsSinceMs = this.service.nowMs();
      this.collect(request, bytes.subarray(bodyFrom));
      return;
    }
    if (bytes.length > bodyTo) this.ahead = bytes.subarray(bodyTo);
    this.serve(request, bytes.subarray(bodyFrom, bodyTo));
  }

  private collect(request: PlainRequest, bytes: Buffer): void {
    const parts = (this.parts ??= new BodyParts());
    if (bytes.length < this.missingBytes) {
      this.missingBytes -= bytes.length;
      parts.add(bytes);
      return;
    }
    parts.add(bytes.length === this.missingBytes ? bytes : bytes.subarray(0, this.missingBytes));
    if (bytes.length > this.missingBytes) this.ahead = bytes.subarray(this.missingBytes);
    const body = parts.whole();
    this.parts = undefined;
    this.request = undefined;
    this.serve(request, body);
  }

  private serve(request: PlainRequest, body: Buffer): void {
    this.isFresh = false;
    this.waitsSinceMs = undefined;
    const reply = new PlainReply(this);
    this.reply = reply;
    this.service.serve(request, body, reply);
  }

  private leave(bytes: Buffer): void {
    const { socket } = this;
    socket.off('data', this.hear);
    socket.off('drain', this.drained);
    socket.off('end', this.ended);
    socket.off('close', this.closed);
    socket.off('error', this.failed);
    this.handOver(socket, bytes);
  }

  private readonly drained = (): void => {
    this.reply?.drained();
  };

  /** The client sends no more. As Node's server does, we take it for gone: its answer would be computed for nobody. */
  private readonly ended = (): void => {
    if (this.isIdle) this.socket.end();
    else this.socket.destroy();
  };

  private readonly closed = (): void => {
    this.request = undefined;
    this.parts = undefined;
    this.ahead = undefined;
    const { reply } = this;
    this.reply = undefined;
    reply?.close();
  };

  /** `close` follows and says all there is to say. */
  private readonly failed = (): void => undefined;
}
