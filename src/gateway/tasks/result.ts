import { payloadSize, problem, problems, type Problem, type ProblemCode, type Task } from '#schema';
import { sendPayload } from '../files/send-payload.ts';
import type { Exchange } from '../http/exchange.ts';
import type { TasksDeps } from './deps.ts';
import { isOver } from './view.ts';

function isCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

const againMs = 1000;

/** One that waits for its time is not asked for before. */
function unfinished({ state, dueAtMs }: Task, nowMs: number): Problem {
  const waitMs = state === 'queued' ? dueAtMs - nowMs : 0;
  return problem('task_unfinished', `The task is ${state}.`, { retryAfterMs: Math.max(againMs, waitMs) });
}

function whyNone(task: Task, nowMs: number): Problem {
  if (!isOver(task)) return unfinished(task, nowMs);
  if (task.state === 'cancelled') return problem('task_cancelled');
  const { code = 'internal', message = 'The task has ended without a result.' } = task.fault ?? {};
  return problem(isCode(code) ? code : 'internal', message);
}

/** `GET /v1/tasks/{id}/result`: what the endpoint would have answered, byte by byte. */
export async function sendResult(
  { payloads, clock }: Pick<TasksDeps, 'payloads' | 'clock'>,
  { response }: Pick<Exchange, 'response'>,
  task: Task,
): Promise<Problem | undefined> {
  const { output } = task;
  if (!isOver(task) || output === undefined) return whyNone(task, clock.nowMs());
  const { payload, status, contentType, model, jsonBytes } = output;
  const head = (): unknown =>
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': payloadSize(payload),
      'x-millrace-model': model,
      'x-millrace-task': task.id,
      ...(jsonBytes !== undefined && { 'inference-header-content-length': jsonBytes }),
    });
  await sendPayload(response, { payloads, payload, head });
  return undefined;
}
