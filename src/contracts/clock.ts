/** The only source of time. Live it is the machine's; in the simulator it is virtual. */
export interface Clock {
  /** Wall time, milliseconds since the Unix epoch: for records that people read. */
  nowMs(): number;
  /** Monotonic time in milliseconds with sub-millisecond fraction: for durations and deadlines. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`; the returned function cancels it. */
  setTimer(delayMs: number, callback: () => void): () => void;
}
