/** One message of a topic. Its place (topic, partition, offset) never changes. */
export interface BusMessage {
  readonly topic: string;
  readonly partition: number;
  /** As decimal digits: it may be larger than a number holds exactly. */
  readonly offset: string;
  /** When it was written, as the broker says. */
  readonly timestampMs: number;
  readonly key: Uint8Array | undefined;
  readonly value: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface OutgoingMessage {
  readonly topic: string;
  /** Messages of one key keep their order. */
  readonly key: Uint8Array | string | undefined;
  readonly value: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** How far a handler came. */
export interface Handled {
  /** So many from the first are seen to for good; the others will be handed over again. */
  readonly count: number;
  /** Where not all are: nothing more of this partition for so long. */
  readonly pauseMs?: number | undefined;
}

export interface Consumption {
  readonly topic: string;
  readonly group: string;
  /**
   * Gets messages of one partition, in their order, at most `messagesMax` at once. What it has seen to is committed
   * once it has resolved and never before: after a crash the rest comes again. One that throws has seen to nothing.
   */
  readonly handle: (messages: readonly BusMessage[]) => Promise<Handled>;
  readonly messagesMax: number;
}

/** A log of messages that others write and read too. */
export interface MessageBus {
  /** Goes on until it is stopped, whatever becomes of the brokers meanwhile. Returns how to stop it. */
  consume(consumption: Consumption): () => Promise<void>;
  /** Resolves once the brokers keep all of them. Throws a ProblemError otherwise; some may be kept then. */
  produce(messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}
