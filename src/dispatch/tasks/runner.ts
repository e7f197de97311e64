import { hasEnded, problemOf, type Task, type TaskLane, type TaskProgress } from '#schema';
import type { Clock, Log, Outcome, TaskHint, TaskQueue } from '#contracts';
import { decideOutcome, type OutcomeDeps } from './outcome.ts';
import type { Verdict, Work } from './work.ts';

export interface RunnerDeps extends OutcomeDeps {
  readonly queue: TaskQueue;
  readonly log: Log;
}

export interface RunnerOptions {
  readonly lane: TaskLane;
  /** Tells this worker from every other, also from its own earlier lives. */
  readonly worker: string;
  readonly work: Work;
  /** Tasks at the same time. */
  readonly concurrency: number;
  readonly leaseMs: number;
}

export interface Runner {
  start(): void;
  /** Claims no more; what has not ended after this long is given back. */
  stop(graceMs: number): Promise<void>;
}

/** Without hints, ready tasks are looked for this often. */
const pollMs = 1000;
const beatMs = 500;
/** After a queue that could not be reached. */
const faultMs = 1000;

/** A task this worker holds. */
interface Held {
  readonly task: Task;
  /** Stops the work; undefined while its input is being fetched. */
  cancel: (() => void) | undefined;
  progress: TaskProgress | undefined;
  toldProgress: TaskProgress | undefined;
  /** Monotonic; when the queue last heard of it. */
  toldMs: number;
  /** The work has ended; until its end is written down, the lease has to last. */
  ended: boolean;
  /** Nothing more is heard of it: its end is written, or the lease is lost. */
  over: boolean;
}

interface Floor {
  readonly deps: RunnerDeps;
  readonly options: RunnerOptions;
  readonly held: Map<string, Held>;
  pulling: Promise<void> | undefined;
  /** Something became ready while pulling. */
  again: boolean;
  stopped: boolean;
  stopPoll: (() => void) | undefined;
  stopBeat: (() => void) | undefined;
  emptied: (() => void) | undefined;
}

function leave(floor: Floor, held: Held): void {
  held.over = true;
  if (floor.held.get(held.task.id) === held) floor.held.delete(held.task.id);
  if (floor.held.size === 0) floor.emptied?.();
  pull(floor);
}

/** Stops work whose lease is lost: what it would say is not heard any more. */
function abandon(floor: Floor, held: Held, why: string): void {
  if (held.over) return;
  floor.deps.log.info('task-abandoned', { task: held.task.id, why });
  held.cancel?.();
  leave(floor, held);
}

function waited(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(delayMs, resolve);
  });
}

/** Writes an end, again and again while the queue cannot be reached, as long as the lease may hold. */
async function report(floor: Floor, task: Task, outcome: Outcome): Promise<boolean> {
  const { queue, clock, log } = floor.deps;
  const untilMs = clock.monotonicMs() + floor.options.leaseMs;
  for (;;) {
    try {
      return (await queue.settle([{ task, outcome }]))[0] ?? false;
    } catch (fault) {
      log.error('task-unsettled', { task: task.id, message: problemOf(fault).message });
      if (clock.monotonicMs() >= untilMs) return false;
      await waited(clock, faultMs);
    }
  }
}

async function finish(floor: Floor, held: Held, verdict: Verdict): Promise<void> {
  if (held.over || held.ended) return;
  held.ended = true;
  held.cancel = undefined;
  const { task } = held;
  const { log } = floor.deps;
  try {
    const outcome = await decideOutcome(floor.deps, task, verdict);
    // Where it is not kept, its blob is swept away later: the queue may have written it and died before it said so.
    const kept = await report(floor, task, outcome);
    log.info('task-settled', {
      task: task.id,
      model: task.model,
      outcome: outcome.kind,
      attempt: task.attempt,
      kept,
    });
  } catch (fault) {
    // The disk is full, say: the lease runs out, and the task is tried again.
    log.error('task-unsettled', { task: task.id, message: problemOf(fault).message });
  } finally {
    leave(floor, held);
  }
}

async function run(floor: Floor, held: Held): Promise<void> {
  const { task } = held;
  try {
    const input = await floor.deps.payloads.load(task.input);
    if (held.over) return;
    const cancel = floor.options.work(task, input, {
      progressed(progress) {
        held.progress = progress;
      },
      ended(verdict) {
        void finish(floor, held, verdict);
      },
    });
    if (!held.ended) held.cancel = cancel;
  } catch (fault) {
    await finish(floor, held, { kind: 'faulted', problem: problemOf(fault) });
  }
}

function take(floor: Floor, task: Task): void {
  const before = floor.held.get(task.id);
  if (before) abandon(floor, before, 'its lease was lost, and it has come back');
  const held: Held = {
    task,
    cancel: undefined,
    progress: undefined,
    toldProgress: undefined,
    toldMs: floor.deps.clock.monotonicMs(),
    ended: false,
    over: false,
  };
  floor.held.set(task.id, held);
  void run(floor, held);
}

const stopping = { code: 'shutting_down', message: 'The worker is stopping.' };

/** Gives tasks back as if they had never been claimed. */
async function giveBack({ deps }: Floor, tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  const outcome = { kind: 'postponed', fault: stopping, retryAtMs: deps.clock.nowMs() } as const;
  try {
    await deps.queue.settle(tasks.map((task) => ({ task, outcome })));
  } catch (fault) {
    deps.log.error('task-unsettled', { message: problemOf(fault).message });
  }
}

async function receive(floor: Floor, tasks: readonly Task[]): Promise<void> {
  if (floor.stopped) await giveBack(floor, tasks);
  else for (const task of tasks) take(floor, task);
}

async function claimAll(floor: Floor): Promise<void> {
  const { queue, log } = floor.deps;
  const { lane, worker, leaseMs, concurrency } = floor.options;
  try {
    while (isHungry(floor)) {
      floor.again = false;
      const count = concurrency - floor.held.size;
      const tasks = await queue.claim({ lane, worker, leaseMs, count });
      await receive(floor, tasks);
      if (tasks.length === count) floor.again = true;
    }
  } catch (fault) {
    log.error('tasks-unclaimed', { lane, message: problemOf(fault).message });
    // The next poll tries again, not the next turn.
    floor.again = false;
  }
}

function isHungry({ again, stopped, held, options }: Floor): boolean {
  return again && !stopped && held.size < options.concurrency;
}

/** Claims as many as there are places. One claim at a time. */
function pull(floor: Floor): void {
  floor.again = true;
  floor.pulling ??= claimAll(floor).finally(() => {
    floor.pulling = undefined;
    // Something became ready between the last look and now.
    if (isHungry(floor)) pull(floor);
  });
}

function poll(floor: Floor): void {
  floor.stopPoll = floor.deps.clock.setTimer(pollMs, () => {
    pull(floor);
    poll(floor);
  });
}

function isDueToTell(held: Held, nowMs: number, leaseMs: number): boolean {
  if (held.over) return false;
  return held.progress !== held.toldProgress || nowMs - held.toldMs >= Math.min(leaseMs / 3, beatMs * 10);
}

/** Tells the queue what is still being worked on, and stops what it does not want from us any more. */
async function beat(floor: Floor): Promise<void> {
  const { queue, clock, log } = floor.deps;
  const { leaseMs, worker } = floor.options;
  const nowMs = clock.monotonicMs();
  const due = [...floor.held.values()].filter((held) => isDueToTell(held, nowMs, leaseMs));
  if (due.length === 0) return;
  try {
    const beats = due.map(({ task, progress }) => ({
      id: task.id,
      token: task.token,
      worker,
      leaseMs,
      progress,
    }));
    const answers = await queue.beat(beats);
    for (const [index, held] of due.entries()) {
      held.toldMs = nowMs;
      held.toldProgress = beats[index]?.progress;
      if (answers[index] === false && !held.ended) abandon(floor, held, 'its lease is lost');
    }
  } catch (fault) {
    log.error('tasks-unheard', { message: problemOf(fault).message });
  }
}

function beatOn(floor: Floor): void {
  floor.stopBeat = floor.deps.clock.setTimer(beatMs, () => {
    void beat(floor).finally(() => {
      if (floor.stopBeat !== undefined) beatOn(floor);
    });
  });
}

function hear(floor: Floor, hint: TaskHint): void {
  if (hint.kind === 'ready') {
    if (hint.lane === floor.options.lane) pull(floor);
    return;
  }
  const held = floor.held.get(hint.id);
  // While we work on it, only somebody else can have ended it.
  if (held !== undefined && !held.ended && hasEnded(hint.state)) abandon(floor, held, hint.state);
}

/** Resolves when nothing is held any more, or after this long. */
function emptied(floor: Floor, graceMs: number): Promise<void> {
  if (floor.held.size === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const cancelTimer = floor.deps.clock.setTimer(graceMs, resolve);
    floor.emptied = () => {
      cancelTimer();
      resolve();
    };
  });
}

async function stop(floor: Floor, graceMs: number): Promise<void> {
  floor.stopped = true;
  floor.stopPoll?.();
  await floor.pulling;
  await emptied(floor, graceMs);
  floor.stopBeat?.();
  floor.stopBeat = undefined;
  const rest = [...floor.held.values()].filter((held) => !held.ended);
  for (const held of rest) abandon(floor, held, 'the worker is stopping');
  await giveBack(
    floor,
    rest.map(({ task }) => task),
  );
}

/** Claims tasks of one lane and runs them, so many at a time, for as long as it is not stopped. */
export function createTaskRunner(deps: RunnerDeps, options: RunnerOptions): Runner {
  const floor: Floor = {
    deps,
    options,
    held: new Map(),
    pulling: undefined,
    again: false,
    stopped: false,
    stopPoll: undefined,
    stopBeat: undefined,
    emptied: undefined,
  };
  let unwatch: (() => void) | undefined;
  return {
    start() {
      unwatch = deps.queue.watch((hint) => hear(floor, hint));
      poll(floor);
      beatOn(floor);
      pull(floor);
    },
    async stop(graceMs) {
      unwatch?.();
      await stop(floor, graceMs);
    },
  };
}
