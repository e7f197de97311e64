import type { SignsOfLife } from '#contracts';
import { problem, ProblemError } from '#schema';
import type { FakeOptions } from '../options.ts';
import { createFaults } from './faults.ts';
import { createGate, type Gate } from './gate.ts';
import { startLoading, type Loading } from './loading.ts';
import { untilAborted } from './pause.ts';
import { createStepper, type Stepper } from './stepper.ts';
import { parseScript, type PromptScript } from './script.ts';

/** One request as the machine sees it. */
interface Job {
  readonly prompt: string;
  readonly signal: AbortSignal;
  /** Computes and answers; called once a place is free. */
  run(script: PromptScript): Promise<void>;
  /** Answers with a scripted error. */
  fail(status: number): void;
}

/** The scripted engine behind the wire: loading, places, counters and faults. */
export interface Machine {
  readonly options: FakeOptions;
  life(): SignsOfLife | Promise<SignsOfLife>;
  work(job: Job): Promise<void>;
  /** Where answers are written together. */
  readonly stepper: Stepper | undefined;
  /** Does one step of work. A promise once the machine hangs: it resolves only when the signal fires. */
  step(signal: AbortSignal): Promise<void> | undefined;
}

export function createMachine(options: FakeOptions): Machine {
  const loading = startLoading(options);
  const gate = createGate(options);
  const faults = createFaults(options);
  const count = { requests: 0, tokens_decoded: 0, cancelled: 0, errors: 0 };

  const serve = async (job: Job): Promise<void> => {
    const number = (count.requests += 1);
    faults.requestBegins(job.prompt, number);
    const script = parseScript(job.prompt);
    const errorStatus = await faults.obey(script, number, job.signal);
    if (errorStatus === undefined) return job.run(script);
    count.errors += 1;
    job.fail(errorStatus);
  };

  const step = (signal: AbortSignal): Promise<void> | undefined => {
    if (faults.hung) return untilAborted(signal);
    count.tokens_decoded += 1;
    faults.tokenMade(count.tokens_decoded);
    return undefined;
  };

  return {
    options,
    stepper: options.steps && createStepper(options.steps, step),
    life: () => {
      if (faults.hung && options.hangLife) return new Promise(() => undefined);
      return signsOf(loading(), gate, count);
    },
    work: async (job) => {
      refuseUnlessReady(loading());
      const admission = await gate.enter(job.signal);
      if (admission === 'full') throw new ProblemError(tooMany);
      try {
        if (admission === 'entered') await serve(job);
      } finally {
        if (admission === 'entered') gate.leave();
        if (job.signal.aborted) count.cancelled += 1;
      }
    },
    step,
  };
}

interface Count {
  readonly [fact: string]: number;
  readonly tokens_decoded: number;
}

function signsOf({ state, fraction, message }: Loading, { active, queued }: Gate, count: Count): SignsOfLife {
  const facts = { ...count, pid: process.pid };
  return { state, loadedFraction: fraction, progress: count.tokens_decoded, active, queued, message, facts };
}

const tooMany = problem('overloaded', 'The fake engine has enough to do.', { retryAfterMs: 1000 });

function refuseUnlessReady({ state, fraction, message }: Loading): void {
  if (state === 'ready') return;
  if (state === 'failed') throw new ProblemError(problem('model_unavailable', message));
  const percent = Math.round(fraction * 100);
  throw new ProblemError(problem('model_loading', `Loading: ${percent} %.`, { retryAfterMs: 1000 }));
}
