/** What a request asks of an engine. */
export interface SequenceWork {
  readonly promptTokens: number;
  /** At least 1. */
  readonly outputTokens: number;
  /** Ids of the prompt's blocks from its beginning: equal ids are equal beginnings. */
  readonly blocks?: readonly number[] | undefined;
}

export interface SequenceListener {
  /** The first token is there. */
  began(): void;
  /** The last token is there. */
  ended(): void;
}

/** A request inside an engine. */
export interface Sequence {
  readonly work: SequenceWork;
  readonly listener: SequenceListener;
  /** Tokens that must be read before it decodes: the prompt, and what was produced before it was put back. */
  readTokens: number;
  /** Tokens of those that were read. */
  readDone: number;
  /** Tokens that the prefix cache still has of it since it was put back. */
  keptTokens: number;
  /** Tokens still to be produced. */
  leftTokens: number;
  /** The engine's count of steps at which its last token is there; only while it decodes. */
  lastStep: number;
  cancelled: boolean;
}

export function createSequence(work: SequenceWork, listener: SequenceListener): Sequence {
  return {
    work,
    listener,
    readTokens: work.promptTokens,
    readDone: 0,
    keptTokens: 0,
    leftTokens: Math.max(1, work.outputTokens),
    lastStep: 0,
    cancelled: false,
  };
}
