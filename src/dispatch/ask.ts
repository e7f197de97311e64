import type { EndpointPath, Problem } from '#schema';
import type { ReplyHead } from '#contracts';

/** A request as dispatch sees it: who, for which model, and bytes. */
export interface Ask {
  readonly requestId: string;
  readonly tenant: string;
  /** A deployment's name, a model's name, or `model@version`. */
  readonly model: string;
  readonly endpoint: EndpointPath;
  readonly body: Uint8Array;
  /** Flat list of headers for the replica: name, value, … */
  readonly headers: string[];
  /** How long the caller is willing to wait for the answer to begin; undefined is for ever. */
  readonly deadlineMs: number | undefined;
}

/** Who will answer: known once a replica was chosen. */
export interface Chosen {
  readonly deployment: string;
  /** `name@version`. */
  readonly model: string;
  readonly queueMs: number;
  /** From the arrival of the request until the replica's first byte. */
  readonly firstByteMs: number;
}

/** What the gateway hears, in this order; `ended` or `failed` comes last, exactly once, unless it cancelled. */
export interface AskListener {
  started(head: ReplyHead, chosen: Chosen): void;
  /** Returns false to pause until `resume`. */
  received(bytes: Uint8Array): boolean;
  ended(): void;
  failed(problem: Problem): void;
}

export interface Ticket {
  /** Forgets the request: out of the queue, or its connection to the replica closed at once. */
  cancel(): void;
  resume(): void;
}
