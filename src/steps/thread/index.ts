import { problem, type Problem } from '#schema';
import type { Log, Result, StepFacts, StepSession, Steps } from '#contracts';
import { createHeldThreads, type Held } from './held-threads.ts';
import { stepFailed } from './thread.ts';
import type { StepAnswer, StepCall } from './worker/messages.ts';

export { createThreadScorer } from './scorer.ts';

export interface ThreadStepsDeps {
  readonly log: Log;
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
  const threads = createHeldThreads(log);
  let lastId = 0;
  return {
    open(spec, facts) {
      const key = `${facts.deployment} ${JSON.stringify(spec)}`;
      const held = threads.enter(key, spec);
      lastId += 1;
      const left = (): void => {
        threads.leave(key, held);
      };
      return createSession(log, held, { id: lastId, facts, left });
    },
    close: () => threads.close(),
  };
}
