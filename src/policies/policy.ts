/** Why a decision was taken, as data: logs, status messages and simulator traces print the same thing. */
export interface Reason {
  /** Kebab-case, stable: people filter by it. */
  readonly code: string;
  readonly facts?: Readonly<Record<string, number | string>> | undefined;
}

export interface Outcome<Decision, Memory> {
  readonly decision: Decision;
  /** To be handed to the next call; the policy itself keeps nothing. */
  readonly memory: Memory;
  readonly reason: Reason;
}

/**
 * A pure decision: the same input and memory give the same outcome, live and in the simulator. Time and chance come
 * with the input. Where there is no data the decision is to hold, never to treat the unknown as 0.
 */
export interface Policy<Input, Memory, Decision> {
  readonly name: string;
  begin(): Memory;
  decide(input: Input, memory: Memory): Outcome<Decision, Memory>;
}
