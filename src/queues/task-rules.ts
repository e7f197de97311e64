import type { Beat, ClaimWanted, Outcome, Steering, Turns } from '#contracts';
import {
  hasEnded,
  newsLaneOf,
  isResting,
  partsOf,
  priorities,
  problem,
  ProblemError,
  taskLifecycle,
  trailMax,
  type NewTask,
  type Payload,
  type Task,
  type TaskAttempt,
  type TaskEvent,
  type TaskFault,
  type TaskState,
} from '#schema';

/** The state an event leads to; undefined where the lifecycle ignores or forbids it. */
function after(state: TaskState, event: TaskEvent): TaskState | undefined {
  const next = taskLifecycle[state][event];
  return next === 'ignore' || next === 'forbidden' ? undefined : next;
}

/** A task as it is when it has just been submitted. */
export function admitted(task: NewTask, nowMs: number): Task {
  const fresh = { ...task, createdAtMs: nowMs, rank: 0, attempt: 0, postponed: 0, token: 0, trail: [] };
  return isResting(task) ? { ...fresh, state: 'succeeded', endedAtMs: nowMs } : { ...fresh, state: 'queued' };
}

/** Whether it may be claimed now. */
export function isReady(task: Task, nowMs: number): boolean {
  return task.state === 'queued' && task.dueAtMs <= nowMs && task.parked !== true;
}

/** One that could be claimed, but has to wait for another one of its tenant. It keeps its turn. */
export function parked(task: Task): Task {
  return { ...task, parked: true };
}

export function unparked(task: Task): Task {
  return { ...task, parked: undefined };
}

/**
 * A task that has just become ready gets its turn: when it is submitted, and again when it comes back from a delay or
 * a worker, behind what its tenant has waiting by then.
 */
export function withTurn(task: Task, turns: Turns, nowMs: number): Task {
  return isReady(task, nowMs) ? { ...task, rank: turns.take(task) } : task;
}

/** When time will change something about it, if nobody does before. */
export function wakesAtMs(task: Task, nowMs: number): number {
  if (hasEnded(task.state)) return (task.endedAtMs ?? nowMs) + task.keepMs;
  if (task.state === 'queued')
    return isReady(unparked(task), nowMs) ? task.expiresAtMs : Math.min(task.dueAtMs, task.expiresAtMs);
  return Math.min(task.leaseUntilMs ?? nowMs, task.expiresAtMs);
}

/** Order of claims: a smaller band is more urgent. */
export function bandOf(task: Pick<NewTask, 'priority'>): number {
  return priorities.indexOf(task.priority);
}

export function claimed(task: Task, { leaseMs, worker }: ClaimWanted, nowMs: number): Task {
  return {
    ...task,
    state: 'leased',
    attempt: task.attempt + 1,
    token: task.token + 1,
    worker,
    claimedAtMs: nowMs,
    leaseUntilMs: nowMs + leaseMs,
    progress: undefined,
  };
}

/** Whether this token still is the newest, and its work goes on. */
export function isHeld(task: Task, claim: Pick<Task, 'token' | 'worker'>): boolean {
  const isSame = task.token === claim.token && task.worker === claim.worker;
  return isSame && (task.state === 'leased' || task.state === 'running');
}

/** After a sign of life: work that had only been handed out has begun. */
export function beaten(task: Task, beat: Beat, nowMs: number): Task {
  return {
    ...task,
    state: after(task.state, 'started') ?? task.state,
    leaseUntilMs: nowMs + beat.leaseMs,
    progress: beat.progress ?? task.progress,
  };
}

interface Change {
  readonly event: TaskEvent;
  readonly nowMs: number;
  readonly fault?: TaskFault | undefined;
  readonly attempt?: TaskAttempt['outcome'] | undefined;
}

function attemptOf(task: Task, change: Change): readonly TaskAttempt[] {
  if (change.attempt === undefined || task.worker === undefined) return task.trail;
  const attempt: TaskAttempt = {
    attempt: task.attempt,
    worker: task.worker,
    startedAtMs: task.claimedAtMs ?? change.nowMs,
    endedAtMs: change.nowMs,
    outcome: change.attempt,
    fault: change.fault,
  };
  return [...task.trail, attempt].slice(-trailMax);
}

/** The task after an event: without a lease, since every event but claims and starts ends it. */
function changed(task: Task, change: Change): Task | undefined {
  const state = after(task.state, change.event);
  if (state === undefined) return undefined;
  return {
    ...task,
    state,
    parked: undefined,
    trail: attemptOf(task, change),
    fault: change.fault,
    worker: undefined,
    leaseUntilMs: undefined,
    endedAtMs: hasEnded(state) ? change.nowMs : undefined,
  };
}

function requeued(task: Task | undefined, dueAtMs: number): Task | undefined {
  return task && { ...task, dueAtMs };
}

function putBack(task: Task, fault: TaskFault, at: { nowMs: number; retryAtMs: number }): Task | undefined {
  const isSpent = task.attempt >= task.attemptsMax;
  const event = isSpent ? 'exhausted' : 'put-back';
  const next = changed(task, { event, nowMs: at.nowMs, fault, attempt: isSpent ? 'failed' : 'put-back' });
  return isSpent ? next : requeued(next, at.retryAtMs);
}

/** What a worker's outcome makes of the task it holds. */
export function settled(task: Task, outcome: Outcome, nowMs: number): Task | undefined {
  if (outcome.kind === 'succeeded') {
    const done = changed(task, { event: 'completed', nowMs, attempt: 'succeeded' });
    return done && { ...done, output: outcome.output };
  }
  const { fault } = outcome;
  if (outcome.kind === 'refused') {
    const refused = changed(task, { event: 'refused', nowMs, fault, attempt: 'failed' });
    return refused && { ...refused, output: outcome.output };
  }
  if (outcome.kind === 'faulted') return putBack(task, fault, { nowMs, retryAtMs: outcome.retryAtMs });
  const given = requeued(changed(task, { event: 'put-back', nowMs, fault }), outcome.retryAtMs);
  return given && { ...given, attempt: task.attempt - 1, postponed: task.postponed + 1 };
}

function replayed(task: Task, nowMs: number): Task | undefined {
  const again = changed(task, { event: 'replayed', nowMs });
  if (again === undefined) return undefined;
  // As much time as it had the first time.
  const expiresAtMs = nowMs + (task.expiresAtMs - (task.replayedAtMs ?? task.createdAtMs));
  return {
    ...again,
    replayedAtMs: nowMs,
    replays: (task.replays ?? 0) + 1,
    attempt: 0,
    postponed: 0,
    dueAtMs: nowMs,
    expiresAtMs,
    output: undefined,
    progress: undefined,
  };
}

/** Its keeping time is over, and nobody hears of it any more. */
function forgotten(task: Task, nowMs: number): Task | undefined {
  if (!hasEnded(task.state)) return undefined;
  return { ...task, keepMs: Math.max(0, nowMs - (task.endedAtMs ?? nowMs)), webhook: undefined };
}

/** One that was forgotten meanwhile stays so. */
function kept(task: Task, untilMs: number, nowMs: number): Task | undefined {
  if (!isResting(task) || wakesAtMs(task, nowMs) <= nowMs) return undefined;
  const keepMs = untilMs - (task.endedAtMs ?? nowMs);
  return keepMs > task.keepMs ? { ...task, keepMs } : undefined;
}

/** What somebody's decision makes of it; undefined where it changes nothing. */
export function steered(task: Task, event: Steering, nowMs: number): Task | undefined {
  if (event === 'replayed') return replayed(task, nowMs);
  if (event === 'forgotten') return forgotten(task, nowMs);
  if (typeof event === 'object') return kept(task, event.keepUntilMs, nowMs);
  return changed(task, { event, nowMs, attempt: 'cancelled' });
}

const leaseLost: TaskFault = {
  code: 'lease_lost',
  message: 'The worker did not say in time that it is still at work.',
};
const tooLate: TaskFault = {
  code: 'deadline_exceeded',
  message: 'The deadline of the task passed before it had ended.',
};

/** What the passing of time makes of it: `gone`, or itself in another state; undefined where nothing is due. */
export function tended(task: Task, nowMs: number): Task | 'gone' | undefined {
  if (hasEnded(task.state)) return wakesAtMs(task, nowMs) <= nowMs ? 'gone' : undefined;
  if (task.expiresAtMs <= nowMs)
    return changed(task, { event: 'timed-out', nowMs, fault: tooLate, attempt: 'expired' });
  if (task.state === 'queued') return task;
  return (task.leaseUntilMs ?? 0) <= nowMs
    ? putBack(task, leaseLost, { nowMs, retryAtMs: nowMs })
    : undefined;
}

/** Tried until nobody can want to hear it any more, however often that is. */
const deliveryForMs = 3 * 24 * 3600 * 1000;
const deliveryAttemptsMax = 10_000;

interface News {
  /** One for each thing that is told. */
  readonly id: string;
  readonly address: string;
  readonly nowMs: number;
}

/** The task that tells somebody of another task. */
function newsTask(about: NewTask, { id, address, nowMs }: News): NewTask {
  return {
    id,
    lane: newsLaneOf(address),
    tenant: about.tenant,
    key: about.key,
    model: about.model,
    endpoint: address,
    priority: about.priority,
    stride: 1,
    dueAtMs: nowMs,
    expiresAtMs: nowMs + deliveryForMs,
    keepMs: about.keepMs,
    attemptsMax: deliveryAttemptsMax,
    input: { kind: 'inline', bytes: new TextEncoder().encode(about.id) },
  };
}

/** The tasks that tell of this task's end, where there is somebody to tell. Made with the end, so never lost. */
export function deliveriesOf(task: Task, nowMs: number): readonly Task[] {
  if (!hasEnded(task.state)) return [];
  const wanted = [
    ['w', task.webhook],
    ['e', task.events],
  ] as const;
  return wanted.flatMap(([mark, address]) => {
    if (address === undefined) return [];
    // One for each end: after a replay there may be another, in the same moment even.
    const id = `${task.id}_${mark}${task.token}_${nowMs}_${task.replays ?? 0}`;
    return [admitted(newsTask(task, { id, address, nowMs }), nowMs)];
  });
}

/**
 * The task that tells that another was handed in; to be handed in with it. One that may be handed in again under the
 * same id, as lines of batches are, is told of once.
 */
export function arrivalOf(task: NewTask, address: string, nowMs: number): NewTask {
  const id = `${task.id}_q`;
  const news = newsTask(task, { id, address, nowMs });
  return task.idempotencyKey === undefined ? news : { ...news, idempotencyKey: id };
}

/** The same key for something else: the caller has mixed something up. */
export function refuseReuse(asked: NewTask, found: Pick<NewTask, 'id' | 'fingerprint'>): void {
  if (asked.fingerprint === found.fingerprint) return;
  throw new ProblemError(
    problem(
      'idempotency_conflict',
      `The idempotency key "${asked.idempotencyKey ?? ''}" was used for another request: task ${found.id}.`,
      { param: 'idempotency_key' },
    ),
  );
}

/** The same among tasks that are handed in together: none of them would be run for the other. */
export function refuseMixed(tasks: readonly NewTask[]): void {
  const firsts = new Map<string, NewTask>();
  for (const task of tasks) {
    if (task.idempotencyKey === undefined) continue;
    const name = `${task.tenant}\n${task.idempotencyKey}`;
    const first = firsts.get(name) ?? task;
    firsts.set(name, first);
    refuseReuse(task, first);
  }
}

/** Digests of the blobs a task owns. */
export function blobsOf(task: Task): readonly string[] {
  const payloads = [task.input, ...(task.output === undefined ? [] : [task.output.payload])];
  return payloads.flatMap((payload) => partsOf(payload).map(({ digest }) => digest));
}

const withheld = { kind: 'inline', bytes: new Uint8Array(0) } as const;

function withoutBytes(payload: Payload): Payload {
  return payload.kind === 'inline' ? withheld : payload;
}

/** For lists: everything but the bytes. */
export function withoutPayloads(task: Task): Task {
  const { input, output } = task;
  const shown = output && { ...output, payload: withoutBytes(output.payload) };
  return { ...task, input: withoutBytes(input), output: shown };
}
