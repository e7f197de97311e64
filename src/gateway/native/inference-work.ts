import {
  fit,
  inferenceRequest,
  problem,
  type InferenceRequest,
  type InferenceResponse,
  type Task,
} from '#schema';
import type { Clock, Result } from '#contracts';
import type { Directory, TaskReply, Verdict, Work } from '#dispatch';
import { parseJson } from '../http/exchange.ts';
import { answerReaders } from './answers.ts';
import { translateQuestion } from './questions.ts';
import {
  readTensorQuestion,
  tensorAnswer,
  tensorEndpoint,
  tensorsIn,
  type TensorQuestion,
} from './tensors.ts';
import type { Told } from './told.ts';

export interface InferenceWorkDeps {
  readonly directory: Directory;
  readonly clock: Clock;
  /** Runs a request in the dialect of the engines. */
  readonly run: Work;
}

function parse(input: Uint8Array): Result<InferenceRequest> {
  const json = parseJson(Buffer.from(input));
  const parsed = json.ok ? fit(inferenceRequest, json.value) : json;
  return parsed.ok ? { ok: true, value: { ...parsed.value, stream: false } } : parsed;
}

const unreadable: Verdict = {
  kind: 'faulted',
  problem: problem('replica_failed', 'The replica answered something that cannot be read.'),
};

interface Answered {
  readonly task: Task;
  readonly kind: keyof typeof answerReaders;
  readonly reply: TaskReply;
}

function toldOfTask({ clock }: InferenceWorkDeps, task: Task, reply: TaskReply): Told {
  const nowMs = clock.nowMs();
  const startedMs = task.claimedAtMs ?? nowMs;
  return {
    id: task.id,
    model: task.model,
    version: reply.model.slice(reply.model.lastIndexOf('@') + 1),
    timing: { queue_ms: startedMs - task.createdAtMs, total_ms: nowMs - task.createdAtMs },
  };
}

function translated(deps: InferenceWorkDeps, { task, kind, reply }: Answered): Verdict {
  try {
    const { timing, ...who } = toldOfTask(deps, task, reply);
    const read = answerReaders[kind](JSON.parse(Buffer.from(reply.body).toString('utf8')));
    const answer: InferenceResponse = { ...who, ...read, timing };
    return { kind: 'succeeded', reply: { ...reply, body: Buffer.from(JSON.stringify(answer)) } };
  } catch {
    return unreadable;
  }
}

function refusesLogprobs(verdict: Verdict): boolean {
  return verdict.kind === 'refused' && Buffer.from(verdict.reply?.body ?? []).includes('logprobs');
}

type Running = Parameters<Work>;

/** A task in tensors: the engine of the Open Inference Protocol is asked, and answers, in bytes. */
function runTensors(
  deps: InferenceWorkDeps,
  question: TensorQuestion,
  [task, , listener]: Running,
): () => void {
  return deps.run({ ...task, endpoint: tensorEndpoint }, question.body, {
    progressed: (progress) => listener.progressed(progress),
    ended(verdict) {
      if (verdict.kind !== 'succeeded') {
        listener.ended(verdict);
        return;
      }
      const { reply } = verdict;
      const body = tensorAnswer(Buffer.from(reply.body), toldOfTask(deps, task, reply));
      listener.ended(body === undefined ? unreadable : { kind: 'succeeded', reply: { ...reply, body } });
    },
  });
}

/** Runs a task of `/v1/inference`: translates the question and the answer around the work of the engines' dialect. */
export function createInferenceWork(deps: InferenceWorkDeps): Work {
  return (task, input, listener) => {
    const tensors = tensorsIn(Buffer.from(input));
    const inTensors = tensors && readTensorQuestion(tensors);
    if (inTensors?.ok === true) return runTensors(deps, inTensors.value, [task, input, listener]);
    const request = inTensors ?? parse(input);
    const kind = deps.directory.resolve(task.model, task.tenant)?.task ?? 'chat';
    let cancel: (() => void) | undefined;
    function ask(question: InferenceRequest, withLogprobs: boolean): void {
      const { endpoint, body } = translateQuestion(question, kind, withLogprobs);
      cancel = deps.run({ ...task, endpoint }, body, {
        progressed: (progress) => listener.progressed(progress),
        ended(verdict) {
          if (withLogprobs && refusesLogprobs(verdict)) ask(question, false);
          else if (verdict.kind !== 'succeeded') listener.ended(verdict);
          else listener.ended(translated(deps, { task, kind, reply: verdict.reply }));
        },
      });
    }
    if (request.ok) ask(request.value, true);
    else listener.ended({ kind: 'refused', problem: request.problem });
    return () => cancel?.();
  };
}
