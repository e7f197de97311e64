import type { Priority } from './priority.ts';

/** A task as it is stored: durable work that somebody handed in and walked away from. */
export const taskStates = [
  'queued',
  'leased',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
  'dead',
] as const;
export type TaskState = (typeof taskStates)[number];

export const taskEvents = [
  'claimed',
  'started',
  'completed',
  'refused',
  'put-back',
  'exhausted',
  'cancelled',
  'timed-out',
  'replayed',
] as const;
export type TaskEvent = (typeof taskEvents)[number];

type Next = TaskState | 'ignore' | 'forbidden';

/** What a worker may say of a task it has no (more) lease for: nothing. */
const nothingFromWorkers = {
  claimed: 'forbidden',
  started: 'forbidden',
  completed: 'forbidden',
  refused: 'forbidden',
  'put-back': 'forbidden',
  exhausted: 'forbidden',
} as const satisfies Partial<Record<TaskEvent, Next>>;

const ended = { ...nothingFromWorkers, cancelled: 'ignore', 'timed-out': 'ignore' } as const;

const working = {
  claimed: 'forbidden',
  completed: 'succeeded',
  refused: 'failed',
  'put-back': 'queued',
  exhausted: 'dead',
  cancelled: 'cancelled',
  'timed-out': 'expired',
  replayed: 'ignore',
} as const satisfies Partial<Record<TaskEvent, Next>>;

/**
 * The life of a task, as a total table.
 * I1: work (`leased`, `running`) begins by `claimed` alone, so it always has a lease and a token.
 * I2: what has ended stays as it is until somebody asks for a replay.
 * I3: `succeeded` is for ever. I4: every task that has not ended can be cancelled, and ends by time alone.
 * I5: a worker is heard only while it works on the task.
 */
export const taskLifecycle: Readonly<Record<TaskState, Readonly<Record<TaskEvent, Next>>>> = {
  queued: {
    ...nothingFromWorkers,
    claimed: 'leased',
    cancelled: 'cancelled',
    'timed-out': 'expired',
    replayed: 'ignore',
  },
  leased: { ...working, started: 'running' },
  running: { ...working, started: 'ignore' },
  succeeded: { ...ended, replayed: 'forbidden' },
  failed: { ...ended, replayed: 'queued' },
  cancelled: { ...ended, replayed: 'queued' },
  expired: { ...ended, replayed: 'queued' },
  dead: { ...ended, replayed: 'queued' },
};

/** States in which an event leads somewhere: what adapters that speak SQL ask for in their conditions. */
export function statesBefore(event: TaskEvent): readonly TaskState[] {
  return taskStates.filter((state) => {
    const next = taskLifecycle[state][event];
    return next !== 'ignore' && next !== 'forbidden';
  });
}

/** States from which nothing but a replay leads away. */
export const taskEnds: readonly TaskState[] = taskStates.filter(
  (state) => taskLifecycle[state].cancelled === 'ignore',
);

export function hasEnded(state: TaskState): boolean {
  return taskEnds.includes(state);
}

/**
 * What kind of work it is. `webhook`, `message`: telling somebody, or a topic, that another task has ended. `batch`: bringing the lines of a
 * file to their ends. The last two are no work: a `file` that somebody owns, and a `mark` on another task. They are
 * over as they come, and kept as long as any task after its end.
 */
export const taskLanes = ['request', 'webhook', 'message', 'batch', 'file', 'mark'] as const;
export type TaskLane = (typeof taskLanes)[number];

/** Who tells the end of a task to this address. */
export function newsLaneOf(address: string): TaskLane {
  return address.startsWith('kafka:') ? 'message' : 'webhook';
}

const restingLanes: ReadonlySet<TaskLane> = new Set(['file', 'mark']);

/** Whether it is over as it comes. */
export function isResting({ lane }: { readonly lane: TaskLane }): boolean {
  return restingLanes.has(lane);
}

export interface BlobPart {
  readonly digest: string;
  readonly sizeBytes: number;
}

/** Bytes that belong to a task: here, or when they are many, in the blob store; very many in parts, one after another. */
export type Payload =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | ({ readonly kind: 'blob' } & BlobPart)
  | { readonly kind: 'parts'; readonly parts: readonly BlobPart[]; readonly sizeBytes: number };

/** The blobs that hold it. */
export function partsOf(payload: Payload): readonly BlobPart[] {
  if (payload.kind === 'inline') return [];
  return payload.kind === 'blob' ? [payload] : payload.parts;
}

/** How many bytes it is. */
export function payloadSize(payload: Payload): number {
  return payload.kind === 'inline' ? payload.bytes.length : payload.sizeBytes;
}

/** Why a task, or one attempt at it, did not succeed. */
export interface TaskFault {
  readonly code: string;
  readonly message: string;
}

/** One attempt, after its end. */
export interface TaskAttempt {
  readonly attempt: number;
  readonly worker: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: 'succeeded' | 'failed' | 'put-back' | 'cancelled' | 'expired';
  readonly fault?: TaskFault | undefined;
}

/** How far the work is, as far as the engine tells. */
export interface TaskProgress {
  /** Chunks of a streamed answer, which for language models are tokens. */
  readonly chunks: number;
  readonly bytes: number;
  /** Of a batch: what became of its lines. */
  readonly lines?: LineCounts | undefined;
}

export interface LineCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  /** True once all have ended, while the files are written. */
  readonly finalizing: boolean;
}

/** The answer: what the endpoint would have answered. */
export interface TaskOutput {
  readonly status: number;
  readonly contentType: string;
  /** `name@version` of who answered. */
  readonly model: string;
  /** How much of it is JSON, where binary tensors follow. */
  readonly jsonBytes?: string | undefined;
  readonly payload: Payload;
}

/** The first id that a task of this time may have: ids sort by time. */
export function taskIdFrom(ms: number): string {
  return `task_${Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')}`;
}

/** A task on its way in. Times are milliseconds since the epoch. */
export interface NewTask {
  /** Sorts by time of submission: `taskIdFrom` that time, and more hexadecimal digits. */
  readonly id: string;
  readonly lane: TaskLane;
  readonly tenant: string;
  /** Name of the key that submitted it. */
  readonly key: string;
  readonly model: string;
  /** The request endpoint, or for webhooks the address. */
  readonly endpoint: string;
  readonly priority: Priority;
  /** How far it moves the turn of its tenant, beside other tenants: its cost by the tenant's weight. Above 0. */
  readonly stride: number;
  /** Not before this. */
  readonly dueAtMs: number;
  /** Not after this: it ends as `expired`. */
  readonly expiresAtMs: number;
  /** How long it is kept after its end. */
  readonly keepMs: number;
  readonly attemptsMax: number;
  readonly input: Payload;
  /** How much of the input is JSON, where binary tensors follow. */
  readonly jsonBytes?: string | undefined;
  /** Requests of one session are best answered by one replica. */
  readonly session?: string | undefined;
  /** The trace that it belongs to (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  /** Address that hears of its end: `https:…`, or `kafka:TOPIC?…`. */
  readonly webhook?: string | undefined;
  /** Address that the platform's owner wants to hear of every end. */
  readonly events?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Of what was asked: the same idempotency key with another one is refused. */
  readonly fingerprint?: string | undefined;
}

export interface Task extends NewTask {
  readonly state: TaskState;
  readonly createdAtMs: number;
  /** Its turn within its priority, given whenever it becomes ready: lower goes first. */
  readonly rank: number;
  /** It waits, though it could run, until another one of its tenant has ended. */
  readonly parked?: true | undefined;
  /** Claims that count: those that were given back without work do not. */
  readonly attempt: number;
  /** How often it was given back because nobody could take it. */
  readonly postponed: number;
  /** Rises with every claim: only the holder of the newest may write. */
  readonly token: number;
  readonly worker?: string | undefined;
  readonly claimedAtMs?: number | undefined;
  readonly leaseUntilMs?: number | undefined;
  readonly endedAtMs?: number | undefined;
  /** When it was last begun anew, and how often. */
  readonly replayedAtMs?: number | undefined;
  readonly replays?: number | undefined;
  readonly fault?: TaskFault | undefined;
  readonly progress?: TaskProgress | undefined;
  readonly output?: TaskOutput | undefined;
  /** The newest attempts, oldest first; at most `trailMax`. */
  readonly trail: readonly TaskAttempt[];
}

export const trailMax = 20;
