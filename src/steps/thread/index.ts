import { problem, type Problem, type StepsSpec } from '#schema';
import type { Log, Result, StepFacts, StepSession, Steps } from '#contracts';
import { createStepThread, stepFailed, type StepThread } from './thread.ts';
import type { StepAnswer, StepCall } from './worker/messages.ts';

export interface ThreadStepsDeps {
  readonly log: Log;
}

/** A thread that no request uses is ended after this; what changed in its files is seen by the next. */
const idleMs = 30_000;

interface Held {
  readonly thread: StepThread;
  sessions: number;
  idleTimer: NodeJS.Timeout | undefined;
}

interface Call {
  readonly call: StepCall;
  readonly held: Held;
  readonly isWanted: () => boolean;
}

function refusedKind(kind: 'whole-only' | 'stream-only'): Problem {
  const message =
    kind === 'whole-only'
      ? 'The step of this deployment cannot change streams. Ask without "stream".'
      : 'The step of this deployment changes streams only. Ask with "stream": true.';
  return problem('unsupported_parameter', message, { param: 'stream' });
}

/** What a step's answer is to dispatch; its own faults go to the log, since their messages may hold anything. */
function read<T>(
  log: Log,
  answer: Result<StepAnswer>,
  pick: (value: StepAnswer) => T | undefined,
): Result<T> {
  if (!answer.ok) return answer;
  const { value } = answer;
  const picked = pick(value);
  if (picked !== undefined) return { ok: true, value: picked };
  if (value.kind === 'refused') return { ok: false, problem: problem('step_refused', value.message) };
  if (value.kind === 'whole-only' || value.kind === 'stream-only')
    return { ok: false, problem: refusedKind(value.kind) };
  log.warn('step-failed', { message: value.kind === 'failed' ? value.message.slice(0, 2000) : value.kind });
  return stepFailed;
}

function bytesOf(value: StepAnswer): Uint8Array | undefined {
  return value.kind === 'bytes' ? value.bytes : undefined;
}

function run({ held, call, isWanted }: Call, done: (answer: Result<StepAnswer>) => void): void {
  held.thread.run({
    call,
    isWanted,
    done(answer) {
      if (isWanted()) done(answer);
    },
  });
}

function createSession(
  log: Log,
  held: Held,
  request: { id: number; facts: StepFacts; left: () => void },
): StepSession {
  const { id, facts, left } = request;
  let over = false;
  const isWanted = (): boolean => !over;
  return {
    pre(body, done) {
      run({ held, call: { kind: 'pre', id, body, facts }, isWanted }, (answer) => {
        const unchanged = answer.ok && answer.value.kind === 'unchanged';
        if (unchanged) done({ ok: true, value: undefined });
        else done(read(log, answer, (value) => (value.kind === 'request' ? value.request : undefined)));
      });
    },
    post(body, done) {
      run({ held, call: { kind: 'post', id, body }, isWanted }, (answer) => {
        done(read(log, answer, bytesOf));
      });
    },
    chunk(body, done) {
      run({ held, call: { kind: 'chunk', id, body }, isWanted }, (answer) => {
        done(read(log, answer, bytesOf));
      });
    },
    close() {
      if (over) return;
      over = true;
      held.thread.forget(id);
      left();
    },
  };
}

/** Users' own code in threads: one for each deployment's steps, while requests use it. */
export function createThreadSteps({ log }: ThreadStepsDeps): Steps {
  const threads = new Map<string, Held>();
  let lastId = 0;

  function threadOf(key: string, spec: StepsSpec): Held {
    let held = threads.get(key);
    if (held === undefined) {
      held = { thread: createStepThread(spec, log), sessions: 0, idleTimer: undefined };
      threads.set(key, held);
    }
    return held;
  }
  function leave(key: string, held: Held): void {
    held.sessions -= 1;
    if (held.sessions > 0) return;
    held.idleTimer = setTimeout(() => {
      threads.delete(key);
      void held.thread.close();
    }, idleMs).unref();
  }

  return {
    open(spec, facts) {
      const key = `${facts.deployment} ${JSON.stringify(spec)}`;
      const held = threadOf(key, spec);
      clearTimeout(held.idleTimer);
      held.sessions += 1;
      lastId += 1;
      const left = (): void => {
        leave(key, held);
      };
      return createSession(log, held, { id: lastId, facts, left });
    },
    async close() {
      const all = [...threads.values()];
      threads.clear();
      for (const held of all) clearTimeout(held.idleTimer);
      await Promise.all(all.map(({ thread }) => thread.close()));
    },
  };
}
