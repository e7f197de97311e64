import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Reply } from '../reply.ts';

/** What a reply needs of its connection. */
export interface PlainLine {
  readonly socket: Socket;
  /** `date: …` with its line end. */
  dateLine(): string;
  /** The answer is complete and with the client, or with the kernel on its way there. */
  answered(): void;
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

function hexLength(value: number): number {
  return value < 0x10 ? 1 : value < 0x100 ? 2 : value < 0x1000 ? 3 : value < 0x10000 ? 4 : 5;
}

/**
 * One chunk as HTTP/1.1 frames it (RFC 9112, 7.1): its length in hexadecimal, the bytes, line ends. Byte by byte, since
 * this runs for every token: no string is made.
 */
function frameChunk(bytes: Uint8Array): Buffer {
  const digits = hexLength(bytes.length);
  const framed = Buffer.allocUnsafe(digits + bytes.length + 4);
  for (let at = digits - 1, rest = bytes.length; at >= 0; at--, rest >>>= 4)
    framed[at] = hexDigits[rest & 15] ?? 0;
  framed[digits] = carriageReturn;
  framed[digits + 1] = lineFeed;
  framed.set(bytes, digits + 2);
  framed[digits + 2 + bytes.length] = carriageReturn;
  framed[digits + 3 + bytes.length] = lineFeed;
  return framed;
}

/** Bytes beyond this are written as they are, beside their frame; fewer are copied into one piece with it. */
const copyBytesMax = 32_768;

const empty = Buffer.alloc(0);
const lastChunk = '0\r\n\r\n';

function headOf(status: number, pairs: readonly string[]): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  for (let at = 0; at + 1 < pairs.length; at += 2) head += `${pairs[at]}: ${pairs[at + 1]}\r\n`;
  return head;
}

function isChunked(status: number, pairs: readonly string[]): boolean {
  if (status === 204 || status === 304) return false;
  for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === 'content-length') return false;
  return true;
}

/**
 * An answer on a connection we frame ourselves (RFC 9112, 7.1): head and first bytes leave together, each chunk in
 * one write. A class, since one is made for every request: its methods cost nothing to make.
 */
export class PlainReply implements Reply {
  statusCode = 200;
  headersSent = false;
  destroyed = false;
  writable = true;
  private readonly line: PlainLine;
  private head = '';
  private extra: string[] = [];
  private chunked = false;
  private onDrain: (() => void) | undefined;
  private onClose: (() => void)[] = [];

  constructor(line: PlainLine) {
    this.line = line;
  }

  get writableLength(): number {
    return this.line.socket.writableLength;
  }

  setHeader(name: string, value: string | number): void {
    this.extra.push(name, String(value));
  }

  writeHead(status: number, headers: string[] | Record<string, string | number>): void {
    const given = Array.isArray(headers) ? headers : Object.entries(headers).flat().map(String);
    const pairs = this.extra.length === 0 ? given : [...this.extra, ...given];
    this.statusCode = status;
    this.headersSent = true;
    this.chunked = isChunked(status, pairs);
    this.head = `${headOf(status, pairs)}${this.line.dateLine()}${this.chunked ? 'transfer-encoding: chunked\r\n' : ''}\r\n`;
  }

  flushHeaders(): void {
    if (this.head === '') return;
    this.line.socket.write(this.head, 'latin1');
    this.head = '';
  }

  write(bytes: Uint8Array | string): boolean {
    if (!this.writable) return true;
    const part = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    if (part.length === 0) return true;
    if (this.head === '' && this.chunked && part.length <= copyBytesMax)
      return this.line.socket.write(frameChunk(part));
    return this.send(part, this.chunked ? '\r\n' : '');
  }

  end(bytes?: Uint8Array | string): void {
    if (!this.writable) return;
    this.writable = false;
    const part = typeof bytes === 'string' ? Buffer.from(bytes) : (bytes ?? empty);
    if (!this.chunked) this.send(part, '');
    else if (part.length === 0) this.send(part, lastChunk);
    else this.send(part, `\r\n${lastChunk}`);
    const { socket } = this.line;
    if (socket.writableLength === 0) this.line.answered();
    else
      socket.write(empty, () => {
        this.close();
        this.line.answered();
      });
  }

  destroy(): void {
    if (this.destroyed) return;
    this.line.socket.destroy();
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    if (event === 'drain') this.onDrain = listener;
    else this.onClose.push(listener);
  }

  setTimeout(ms: number, listener: () => void): void {
    const timer = setTimeout(listener, ms);
    this.onClose.push(() => {
      clearTimeout(timer);
    });
  }

  /** The client has taken what was waiting for it. */
  drained(): void {
    this.onDrain?.();
  }

  /** The connection is gone, or the answer was taken in full some time after its end. */
  close(): void {
    this.writable = false;
    this.destroyed = true;
    for (const listener of this.onClose.splice(0)) listener();
  }

  /** Head (if it still waits), the chunk's size, the bytes and what comes behind them: in one write, where that is cheap. */
  private send(bytes: Uint8Array, behind: string): boolean {
    const size = this.chunked && bytes.length > 0 ? `${bytes.length.toString(16)}\r\n` : '';
    const before = this.head + size;
    this.head = '';
    const { socket } = this.line;
    if (bytes.length > copyBytesMax) {
      socket.cork();
      if (before !== '') socket.write(before, 'latin1');
      const flowing = socket.write(bytes);
      if (behind !== '') socket.write(behind, 'latin1');
      socket.uncork();
      return flowing;
    }
    if (before.length + bytes.length + behind.length === 0) return true;
    const piece = Buffer.allocUnsafe(before.length + bytes.length + behind.length);
    piece.write(before, 0, 'latin1');
    piece.set(bytes, before.length);
    if (behind !== '') piece.write(behind, before.length + bytes.length, 'latin1');
    return socket.write(piece);
  }
}
