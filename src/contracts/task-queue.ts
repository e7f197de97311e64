import type { NewTask, Task, TaskFault, TaskLane, TaskOutput, TaskProgress, TaskState } from '#schema';

export interface Submitted {
  readonly task: Task;
  /** False: a task with this tenant and idempotency key was there already, and is handed back. */
  readonly fresh: boolean;
}

export interface ClaimWanted {
  readonly lane: TaskLane;
  readonly count: number;
  readonly leaseMs: number;
  readonly worker: string;
}

/** A worker's sign of life for one task. */
export interface Beat {
  readonly id: string;
  readonly token: number;
  /** Who claimed it. */
  readonly worker: string;
  readonly leaseMs: number;
  readonly progress?: TaskProgress | undefined;
}

export type Outcome =
  | { readonly kind: 'succeeded'; readonly output: TaskOutput }
  /** Trying again cannot help. `output` is what the endpoint said, where it said something. */
  | { readonly kind: 'refused'; readonly fault: TaskFault; readonly output?: TaskOutput | undefined }
  /** May be tried again at `retryAtMs`; dead once its attempts are spent. */
  | { readonly kind: 'faulted'; readonly fault: TaskFault; readonly retryAtMs: number }
  /** Given back without having begun: no attempt is counted. */
  | { readonly kind: 'postponed'; readonly fault: TaskFault; readonly retryAtMs: number };

export interface Settlement {
  /** As it was claimed. */
  readonly task: Task;
  readonly outcome: Outcome;
}

/** `forgotten`: what has ended is kept no longer. `keepUntilMs`: a file or a mark is kept until then, if not longer. */
export type Steering = 'cancelled' | 'replayed' | 'forgotten' | { readonly keepUntilMs: number };

export interface TaskQuery {
  readonly lane: TaskLane;
  readonly tenant?: string | undefined;
  readonly state?: TaskState | undefined;
  readonly model?: string | undefined;
  /** Submitted at or after, before; milliseconds since the epoch. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** The last id of the page before. */
  readonly before?: string | undefined;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface TaskCount {
  readonly lane: TaskLane;
  readonly tenant: string;
  readonly model: string;
  readonly state: TaskState;
  readonly count: number;
}

/** Something to look at sooner than one would anyway. Hints get lost; nothing may depend on them. */
export type TaskHint =
  | { readonly kind: 'ready'; readonly lane: TaskLane }
  | { readonly kind: 'changed'; readonly id: string; readonly state: TaskState };

export interface Tended {
  /** Digests that belonged to tasks which are gone now. */
  readonly dropped: readonly string[];
  /** True when there is more to do at once. */
  readonly more: boolean;
}

/**
 * Durable tasks. What `submit`, `settle` and `steer` have answered is on disk and survives a power cut (for queues that
 * have a disk); a claim may be forgotten in one, and is then made again. Delivery is at least once; only the worker with
 * the newest token can write a task's end, so that end is written once. A task with a webhook that ends brings forth a task of lane `webhook`, in the same step.
 */
export interface TaskQueue {
  /** All or nothing, in the order given. Refuses by throwing a ProblemError. */
  submit(tasks: readonly NewTask[]): Promise<readonly Submitted[]>;
  /** The next that are ready: by priority, then in turns of tenants. Each gets a lease and a higher token. */
  claim(wanted: ClaimWanted): Promise<readonly Task[]>;
  /** Prolongs leases and notes progress. False: the lease is lost, stop the work. */
  beat(beats: readonly Beat[]): Promise<readonly boolean[]>;
  /** False: the lease was lost and nothing was written. */
  settle(settlements: readonly Settlement[]): Promise<readonly boolean[]>;
  /** Somebody decides. Undefined: there is no such task. What the lifecycle ignores or forbids changes nothing. */
  steer(id: string, event: Steering): Promise<Task | undefined>;
  /** Which of these idempotency keys of a tenant have a task. */
  known(tenant: string, idempotencyKeys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those that there are, in any order. */
  get(ids: readonly string[]): Promise<readonly Task[]>;
  /** Newest first, without the bytes of inputs and outputs; where they lie in blobs is told. */
  list(query: TaskQuery): Promise<readonly Task[]>;
  /** How many there are; costs the same however many that is. */
  counts(): Promise<readonly TaskCount[]>;
  /** What time brings: delays pass, leases are lost, deadlines and keeping times run out. Call about every second. */
  tend(): Promise<Tended>;
  watch(listener: (hint: TaskHint) => void): () => void;
  close(): Promise<void>;
}
