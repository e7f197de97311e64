/** A gateway under test, started and listening. */
export interface Gateway {
  readonly port: number;
  /** The process whose CPU time is measured; undefined for `direct`, which has none. */
  readonly pid: number | undefined;
  /** Where its inspector would listen; undefined where it is not Node's, or not ours to ask. */
  readonly inspectPort?: number;
  /** Headers that its clients send, each as one line. */
  readonly headers: readonly string[];
  stop(): Promise<void>;
}

/** One of those compared. `start` gives a sentence instead where it is not to be had on this machine. */
export interface Peer {
  readonly name: string;
  start(upstreamPort: number): Promise<Gateway | string>;
}
