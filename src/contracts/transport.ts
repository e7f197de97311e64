import type { Problem } from '#schema';

/** A request on its way to a replica. Bodies are bytes and stay bytes. */
export interface OutboundCall {
  /** `http://host:port[/base]`, `https://…` or `unix:/absolute/path`. */
  readonly endpoint: string;
  readonly method: 'GET' | 'POST';
  /** Path below the endpoint, for example `/v1/chat/completions`. */
  readonly path: string;
  /** Flat list: name, value, name, value. Not changed by the transport. */
  readonly headers: string[];
  readonly body: Uint8Array | undefined;
}

/** The part of a reply's head that travels on; everything else of the wire stays between us and the replica. */
export interface ReplyHead {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Undefined when the reply is chunked. */
  readonly contentLengthBytes: number | undefined;
  readonly retryAfter: string | undefined;
  /** Open Inference Protocol: how much of the body is JSON, where binary tensors follow (`inference-header-content-length`). */
  readonly jsonBytes: string | undefined;
  /** How long the replica worked on it, where it tells (`x-millrace-run-ms`). */
  readonly runMs: number | undefined;
}

/** The head of an answer that tells no more than what it is: for transports that make their replies up. */
export function plainHead(contentType: string): ReplyHead {
  return {
    status: 200,
    contentType,
    contentLengthBytes: undefined,
    retryAfter: undefined,
    jsonBytes: undefined,
    runMs: undefined,
  };
}

/** What the caller hears. Exactly one of `ended` and `failed` comes last, unless it cancelled: then nothing more. */
export interface ReplyListener {
  started(head: ReplyHead): void;
  /**
   * The bytes are lent: they may be overwritten once this has returned, so what is to be kept is to be copied. Returns
   * false to pause the replica until `resume` is called: a slow client holds no memory here. `isLast` where it is known
   * that no more will come: `ended` follows at once, and what is passed on may leave together with its end.
   */
  received(bytes: Uint8Array, isLast?: boolean): boolean;
  ended(): void;
  /** `sent` tells whether the replica may have begun the work: only what it has not may be retried. */
  failed(problem: Problem, sent: boolean): void;
}

export interface CallInFlight {
  /** Closes the connection to the replica at once, which stops its computation. */
  cancel(): void;
  resume(): void;
}

/** How dispatch reaches a replica. */
export interface Transport {
  send(call: OutboundCall, listener: ReplyListener): CallInFlight;
  close(): Promise<void>;
}
