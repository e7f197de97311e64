import { problem } from '#schema';
import type { Log, Result } from '#contracts';
import { startWorker, type StepWorker } from './start-worker.ts';
import type { ThreadSpec } from './thread-spec.ts';
import type { StepAnswer, StepCall, StepsLoaded } from './worker/messages.ts';

/** One call that waits for the thread, or is with it. */
interface QueuedCall {
  readonly call: StepCall;
  /** Asked when its turn comes: nobody wants what was closed in between. */
  readonly isWanted: () => boolean;
  readonly done: (answer: Result<StepAnswer>) => void;
}

export interface StepThread {
  /** Calls run one after another: one that hangs or crashes harms no other. */
  run(queued: QueuedCall): void;
  forget(id: number): void;
  close(): Promise<void>;
}

/** How long the modules may take to load. */
const loadMs = 10_000;
/** Modules that could not be loaded are tried again after this. */
const reloadMs = 1000;

function refused(code: 'step_failed' | 'step_timeout', message: string): Result<never> {
  return { ok: false, problem: problem(code, message) };
}

export const stepFailed = refused('step_failed', 'The step of this deployment failed; the log says more.');
const unloadable = refused('step_failed', 'The step of this deployment cannot be loaded; the log says why.');

/** A thread, what waits for it and what is with it. */
interface Bench {
  readonly spec: ThreadSpec;
  readonly log: Log;
  readonly queue: QueuedCall[];
  worker: StepWorker | undefined;
  loaded: boolean;
  current: QueuedCall | undefined;
  timer: NodeJS.Timeout | undefined;
  /** When the current call was sent (monotonic), and how long calls take; undefined before the first. */
  sentMs: number;
  callMs: number | undefined;
  /** Monotonic: no thread is started before. */
  notBeforeMs: number;
}

function finish(bench: Bench, answer: Result<StepAnswer>): void {
  clearTimeout(bench.timer);
  const { current } = bench;
  bench.current = undefined;
  current?.done(answer);
  next(bench);
}

/** Ends the thread with what it works on; those that wait get another. */
function replace(bench: Bench, why: string, answer: Result<never>): void {
  const { pre, post, score } = bench.spec;
  bench.log.warn('step-thread-replaced', { pre, post, score, message: why.slice(0, 2000) });
  void bench.worker?.end();
  bench.worker = undefined;
  bench.loaded = false;
  finish(bench, answer);
}

function watch(bench: Bench, ms: number, late: () => void): void {
  clearTimeout(bench.timer);
  bench.timer = setTimeout(late, ms);
}

function send(bench: Bench): void {
  const { current, spec } = bench;
  if (!bench.loaded || current === undefined) return;
  bench.sentMs = performance.now();
  watch(bench, spec.timeoutMs, () => {
    const message = `The step of this deployment took longer than ${spec.timeoutMs} ms.`;
    replace(bench, message, refused('step_timeout', message));
  });
  bench.worker?.send(current.call);
}

const sampleWeight = 0.1;

function learnCall(bench: Bench): void {
  const tookMs = performance.now() - bench.sentMs;
  const before = bench.callMs ?? tookMs;
  bench.callMs = before + sampleWeight * (tookMs - before);
}

/** Until what waits now is worked off, where it is known how long calls take. */
function drainMs({ callMs, queue }: Bench): number {
  return callMs === undefined ? 1000 : Math.max(1, Math.ceil(callMs * queue.length));
}

function hear(bench: Bench, message: StepAnswer | StepsLoaded): void {
  if (message.kind === 'loaded') {
    bench.loaded = true;
    send(bench);
  } else if (message.kind === 'unloadable') {
    bench.notBeforeMs = performance.now() + reloadMs;
    replace(bench, message.message, unloadable);
  } else {
    learnCall(bench);
    finish(bench, { ok: true, value: message });
  }
}

function start(bench: Bench): void {
  bench.worker = startWorker(bench.spec, bench.log, {
    heard(message) {
      hear(bench, message);
    },
    ended(why) {
      replace(bench, why, stepFailed);
    },
  });
  watch(bench, loadMs, () => {
    replace(bench, 'Its modules did not load in time.', unloadable);
  });
}

/** The next call that somebody still wants; while no thread can be had, each is told so. */
function next(bench: Bench): void {
  while (bench.current === undefined) {
    const queued = bench.queue.shift();
    if (queued === undefined) return;
    if (!queued.isWanted()) continue;
    if (bench.worker === undefined && performance.now() < bench.notBeforeMs) queued.done(unloadable);
    else bench.current = queued;
  }
  if (bench.worker === undefined) start(bench);
  else send(bench);
}

/** A thread that runs one deployment's steps; started when first needed, replaced when it hangs or ends. */
export function createStepThread(spec: ThreadSpec, log: Log): StepThread {
  const bench: Bench = {
    spec,
    log,
    queue: [],
    worker: undefined,
    loaded: false,
    current: undefined,
    timer: undefined,
    sentMs: 0,
    callMs: undefined,
    notBeforeMs: 0,
  };
  return {
    run(queued) {
      if (bench.queue.length >= spec.queueDepthMax) {
        const why = `${bench.queue.length} calls already wait for the step of this deployment.`;
        queued.done({ ok: false, problem: problem('overloaded', why, { retryAfterMs: drainMs(bench) }) });
        return;
      }
      bench.queue.push(queued);
      if (bench.current === undefined) next(bench);
    },
    forget(id) {
      if (bench.loaded) bench.worker?.send({ kind: 'forget', id });
    },
    async close() {
      clearTimeout(bench.timer);
      bench.queue.length = 0;
      const { worker } = bench;
      bench.worker = undefined;
      await worker?.end();
    },
  };
}
