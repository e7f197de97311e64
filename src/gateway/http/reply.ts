/**
 * Where an answer goes: Node's `ServerResponse`, or the `PlainReply` of a connection that we frame ourselves. Only
 * what answers need, in Node's own words, so that one code serves both.
 */
export interface Reply {
  /** Set where `write` and `end` are done with their bytes when they return; others may keep them. */
  readonly borrows?: boolean;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  /** Neither ended nor cut off. */
  readonly writable: boolean;
  /** Bytes the client has not taken yet. */
  readonly writableLength: number;
  readonly statusCode: number;
  /** Set by Node where it frames chunks itself; absent where that is our own business. */
  chunkedEncoding?: boolean;
  setHeader(name: string, value: string | number): unknown;
  /** Flat list (name, value, …) or by name. The head leaves with the first bytes, or with `flushHeaders`. */
  writeHead(status: number, headers: string[] | Record<string, string | number>): unknown;
  flushHeaders(): void;
  /** False: wait for `drain` before the next. */
  write(bytes: Uint8Array | string): boolean;
  end(bytes?: Uint8Array | string): unknown;
  destroy(): unknown;
  /** `close` comes when the connection is lost before the answer is complete; it may also come after its end. */
  on(event: 'drain' | 'close', listener: () => void): unknown;
  setTimeout(ms: number, listener: () => void): unknown;
}
