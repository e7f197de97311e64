/** A request of a workload. */
export interface Arrival {
  /** Since the beginning of the run. */
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Ids of the prompt's blocks from its beginning, where the workload knows them. */
  readonly blocks?: readonly number[] | undefined;
  readonly tenant: string;
}

/** In the order of their times; made while they are taken, so that a long run needs no more memory than a short one. */
export type Workload = Iterator<Arrival, undefined>;
