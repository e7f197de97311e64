import {
  partsOf,
  ProblemError,
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
import { fitting } from '../http/fitting.ts';
import type { Admit, Wanted } from './admit.ts';
import type { TasksDeps } from './deps.ts';

function headerOf({ request }: Exchange, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The body as it would have been sent to the endpoint itself; a key in the request goes before the one beside it. */
export function toWanted(given: TaskRequest, keyBeside: string | undefined): Result<Wanted> {
  const { model } = given;
  const named: unknown = given.body['model'];
  if (named !== undefined && named !== model) {
    const message = 'The model of the task and the model in its body differ.';
    return { ok: false, problem: problem('invalid_request', message, { param: 'body.model' }) };
  }
  const key = given.idempotency_key ?? keyBeside;
  // The Open Inference Protocol names the model in its path alone.
  const name = given.endpoint === '/v2/models/infer' ? {} : { model };
  const body = Buffer.from(JSON.stringify({ ...given.body, ...name }));
  return { ok: true, value: { ...given, body, ...(key !== undefined && { idempotency_key: key }) } };
}

async function readRequests(exchange: Exchange, bytesMax: number): Promise<Result<readonly TaskRequest[]>> {
  const body = await readJson(exchange.request, bytesMax);
  if (!body.ok) return body;
  const many = typeof body.value === 'object' && body.value !== null && 'tasks' in body.value;
  if (!many) {
    const one = fitting(taskRequest, body.value);
    return one.ok ? { ok: true, value: [one.value] } : one;
  }
  const all = fitting(taskRequests, body.value);
  return all.ok ? { ok: true, value: all.value.tasks } : all;
}

export interface Received {
  readonly submitted: readonly Submitted[];
  /** Whether a list was sent, so that a list is answered. */
  readonly single: boolean;
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
    const requests = await readRequests(exchange, deps.bodyBytesMax);
    if (!requests.ok) throw new ProblemError(requests.problem);
    const wanted: Wanted[] = [];
    for (const request of requests.value) {
      const one = toWanted(request, headerOf(exchange, 'idempotency-key'));
      if (!one.ok) throw new ProblemError(one.problem);
      wanted.push(one.value);
    }
    const tasks = await admit(exchange.identity, wanted);
    if (!tasks.ok) throw new ProblemError(tasks.problem);
    return { submitted: await enqueue(deps, tasks.value), single: wanted.length === 1 };
  };
}

/** A tenant sees its own; an administrator everybody's. */
export function maySee(identity: Identity, task: Task): boolean {
  return task.lane === 'request' && (task.tenant === identity.tenant || identity.scopes.has('admin'));
}
