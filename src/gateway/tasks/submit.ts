import {
  fit,
  ProblemError,
  partsOf,
  problem,
  problems,
  taskRequest,
  taskRequests,
  type NewTask,
  type Task,
  type TaskRequest,
} from '#schema';
import type { Result, Submitted } from '#contracts';
import { readJson, type Exchange, type Identity } from '../http/exchange.ts';
import { headersOf } from '../http/onward.ts';
import type { Admit, Wanted } from './admit.ts';
import { readBeside, type Beside } from './beside.ts';
import type { TasksDeps } from './deps.ts';

/** The body as it would have been sent to the endpoint itself; what is in the request goes before what is beside it. */
export function toWanted(given: TaskRequest, beside: Beside): Result<Wanted> {
  const { model } = given;
  const named: unknown = given.body['model'];
  if (named !== undefined && named !== model) {
    const message = 'The model of the task and the model in its body differ.';
    return { ok: false, problem: problem('invalid_request', message, { param: 'body.model' }) };
  }
  // The Open Inference Protocol names the model in its path alone.
  const name = given.endpoint === '/v2/models/infer' ? {} : { model };
  const body = Buffer.from(JSON.stringify({ ...given.body, ...name }));
  return { ok: true, value: { ...beside, ...given, body } };
}

interface Asked {
  readonly requests: readonly TaskRequest[];
  /** Whether one was sent by itself; else a list was, so that a list is answered. */
  readonly single: boolean;
}

async function readRequests(exchange: Exchange, bytesMax: number): Promise<Result<Asked>> {
  const body = await readJson(exchange.request, bytesMax);
  if (!body.ok) return body;
  const many = typeof body.value === 'object' && body.value !== null && 'tasks' in body.value;
  if (!many) {
    const one = fit(taskRequest, body.value);
    return one.ok ? { ok: true, value: { requests: [one.value], single: true } } : one;
  }
  const all = fit(taskRequests, body.value);
  return all.ok ? { ok: true, value: { requests: all.value.tasks, single: false } } : all;
}

/** What stands beside a list stands beside each of its places; its key is another one for each. */
function placed(beside: Beside, at: number): Beside {
  const { idempotency_key: key } = beside;
  return key === undefined ? beside : { ...beside, idempotency_key: `${key}/${at}` };
}

export interface Received extends Pick<Asked, 'single'> {
  readonly submitted: readonly Submitted[];
}

function blobsOf(tasks: readonly NewTask[]): string[] {
  return tasks.flatMap(({ input }) => partsOf(input).map(({ digest }) => digest));
}

/** A refusal. Anything else may have come after the tasks were written down: their blobs must stay, and are swept. */
function isRefusal(fault: unknown): boolean {
  return fault instanceof ProblemError && problems[fault.problem.code].blame === 'caller';
}

/** Hands tasks to the queue; what they had put away and do not need is dropped again. */
export async function enqueue(
  { queue, payloads }: TasksDeps,
  tasks: readonly NewTask[],
): Promise<readonly Submitted[]> {
  try {
    const submitted = await queue.submit(tasks);
    await payloads.drop(blobsOf(tasks.filter((_, at) => submitted[at]?.fresh === false)));
    return submitted;
  } catch (fault) {
    if (isRefusal(fault)) await payloads.drop(blobsOf(tasks));
    throw fault;
  }
}

/** `POST /v1/tasks`: one, or `{"tasks": […]}`, all or none. */
export function createReceive(deps: TasksDeps, admit: Admit): (exchange: Exchange) => Promise<Received> {
  return async (exchange) => {
    const asked = await readRequests(exchange, deps.bodyBytesMax);
    if (!asked.ok) throw new ProblemError(asked.problem);
    const { requests, single } = asked.value;
    const beside = readBeside(headersOf(exchange.request));
    if (!beside.ok) throw new ProblemError(beside.problem);
    const wanted = requests.map((request, at) => {
      const one = toWanted(request, single ? beside.value : placed(beside.value, at));
      if (!one.ok) throw new ProblemError(one.problem);
      return one.value;
    });
    const tasks = await admit(exchange.identity, wanted);
    if (!tasks.ok) throw new ProblemError(tasks.problem);
    return { submitted: await enqueue(deps, tasks.value), single };
  };
}

/** A tenant sees its own; an administrator everybody's. */
export function maySee(identity: Identity, task: Task): boolean {
  return task.lane === 'request' && (task.tenant === identity.tenant || identity.scopes.has('admin'));
}
