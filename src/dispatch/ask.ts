import type { EndpointPath, Priority, Problem } from '#schema';
import type { ReplyHead } from '#contracts';

/** A request as dispatch sees it: who, for which model, and bytes. */
export interface Ask {
  readonly requestId: string;
  readonly tenant: string;
  /** Name of the key it came with. */
  readonly key: string;
  /** What the caller asked for; what its key allows is decided before. */
  readonly priority: Priority;
  /** Requests of one session are best answered by one replica; undefined where the caller names none. */
  readonly session: string | undefined;
  /** Who the caller's own end user is, as it says (`user`). */
  readonly user?: string | undefined;
  /** A deployment's name, a model's name, or `model@version`. */
  readonly model: string;
  readonly endpoint: EndpointPath;
  readonly body: Uint8Array;
  /** Where in the body the value of `model` stands: half-open, in bytes; -1 where unknown. */
  readonly modelFrom: number;
  readonly modelTo: number;
  /** Where in the body the prompt (`messages`, `prompt` or `input`) stands: half-open, in bytes; -1 where unknown. */
  readonly promptFrom: number;
  readonly promptTo: number;
  /** Hashes of its blocks, where they are known already: of a recording, which keeps no prompts. */
  readonly prefix?: Uint32Array | undefined;
  readonly stream: boolean;
  /** Tokens of one answer at most, where the caller says; and how many answers it wants. */
  readonly maxTokens: number | undefined;
  readonly answers: number;
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
  /** True: it is done with bytes when `received` returns, so they need not be copied for it. All others may keep them. */
  readonly borrows?: boolean | undefined;
  started(head: ReplyHead, chosen: Chosen): void;
  /** Returns false to pause until `resume`. `isLast` as in `ReplyListener`; who does not pass it on loses a little time. */
  received(bytes: Uint8Array, isLast?: boolean): boolean;
  ended(): void;
  failed(problem: Problem): void;
}

export interface Ticket {
  /** Forgets the request: out of the queue, or its connection to the replica closed at once. */
  cancel(): void;
  resume(): void;
}
