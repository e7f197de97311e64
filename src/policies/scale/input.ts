/**
 * The load of a deployment, in replicas: 2.5 means that two and a half replicas would be busy with it all the time.
 * Whoever asks knows what one replica can do, from its service curve; the policies need not.
 */
export interface ScaleLoad {
  /** Work that arrived per second since the last decision, in replica-seconds per second. */
  readonly offered: number;
  /** Work that waits, in replica-seconds. */
  readonly backlog: number;
  /** Requests inside, divided by the places of one replica. */
  readonly occupied: number;
  /** Busy share of the ready replicas, 0 to 1. */
  readonly utilisation: number;
  /** Mean time to the first byte of what was answered since the last decision; absent when nothing was. */
  readonly latencyMs?: number | undefined;
  /** Requests that were due since the last decision, and how many of them were late. */
  readonly due?: { readonly count: number; readonly late: number } | undefined;
}

export interface ScaleInput {
  readonly nowMs: number;
  /** What was decided last. */
  readonly wanted: number;
  readonly ready: number;
  /** Some are on their way, none answers yet, and no start has failed of late. */
  readonly loading?: boolean | undefined;
  /** From the decision to a replica that answers, as measured for this version. */
  readonly coldStartMs: number;
  /** Absent while nothing can be measured: then every policy holds. */
  readonly load: ScaleLoad | undefined;
}
