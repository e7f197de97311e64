import { STATUS_CODES } from 'node:http';
import { frameLength, writeChunk } from '../chunk-frame.ts';
import type { Reply } from '../reply.ts';
import type { PlainLine } from './plain-line.ts';
import { takeSheet, writeSheet } from './sheet.ts';

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
  readonly borrows = true;
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
    return this.send(part, '');
  }

  end(bytes?: Uint8Array | string): void {
    if (!this.writable) return;
    this.writable = false;
    const part = typeof bytes === 'string' ? Buffer.from(bytes) : (bytes ?? empty);
    this.send(part, this.chunked ? lastChunk : '');
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

  /** Head (if it still waits), the bytes in their frame, and what comes behind them: in one write. */
  private send(bytes: Uint8Array, behind: string): boolean {
    const { head, line } = this;
    const isFramed = this.chunked && bytes.length > 0;
    const bodyLength = isFramed ? frameLength(bytes.length) + bytes.length : bytes.length;
    const length = head.length + bodyLength + behind.length;
    if (length === 0) return true;
    const sheet = takeSheet(line, length);
    if (head !== '') sheet.write(head, 0, 'latin1');
    if (isFramed) writeChunk(sheet, head.length, bytes);
    else sheet.set(bytes, head.length);
    if (behind !== '') sheet.write(behind, head.length + bodyLength, 'latin1');
    this.head = '';
    return writeSheet(line, sheet, length);
  }
}
