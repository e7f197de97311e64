import { retryDelay } from '#policies';
import type { Clock, Outcome, Rng } from '#contracts';
import type { Problem, Task, TaskFault } from '#schema';
import { inlineBytesMax, type Payloads } from './payloads.ts';
import type { TaskReply, Verdict } from './work.ts';

/** After an attempt that failed: the engine may need a while to come back. */
const afterFault = { firstMs: 1000, longestMs: 300_000 };
/** After a webhook that did not take what it was told: it may be away for hours. */
const afterRefusal = { firstMs: 5000, longestMs: 3_600_000 };
/** After nobody could take it: sooner, since nothing is wrong with the task. */
const afterPostponing = { firstMs: 500, longestMs: 30_000 };

function faultOf({ code, message }: Problem): TaskFault {
  return { code, message };
}

export interface OutcomeDeps {
  readonly payloads: Payloads;
  readonly clock: Clock;
  readonly rng: Rng;
}

interface Failure {
  readonly failures: number;
  readonly problem: Problem;
  readonly pace: typeof afterFault;
}

/** Whoever asks for more time than the task has gets that: there is no attempt after its deadline. */
function retryAtMs({ clock, rng }: OutcomeDeps, task: Task, { failures, problem, pace }: Failure): number {
  const input = { failures, chance: rng.next(), wishedMs: problem.retryAfterMs, ...pace };
  return Math.min(clock.nowMs() + retryDelay.decide(input, undefined).decision, task.expiresAtMs);
}

/** A refusal is short: what is longer is cut, and never becomes a blob. */
function refusedOutput({ body, ...head }: TaskReply) {
  return { ...head, payload: { kind: 'inline', bytes: body.subarray(0, inlineBytesMax) } } as const;
}

/** What is written down of an attempt; where the answer is large it is put away first. */
export async function decideOutcome(deps: OutcomeDeps, task: Task, verdict: Verdict): Promise<Outcome> {
  if (verdict.kind === 'succeeded') {
    const { body, ...head } = verdict.reply;
    return { kind: 'succeeded', output: { ...head, payload: await deps.payloads.keep(body, task.id) } };
  }
  const { problem } = verdict;
  const fault = faultOf(problem);
  if (verdict.kind === 'refused') {
    const output = verdict.reply && refusedOutput(verdict.reply);
    return { kind: 'refused', fault, output };
  }
  const again =
    verdict.kind === 'faulted'
      ? { failures: task.attempt, problem, pace: task.lane === 'webhook' ? afterRefusal : afterFault }
      : { failures: task.postponed + 1, problem, pace: afterPostponing };
  return { kind: verdict.kind, fault, retryAtMs: retryAtMs(deps, task, again) };
}
