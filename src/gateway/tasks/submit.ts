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
} from '#schema';
import type { Result, Submitted } from '#contracts';
import { parseJson, readBody, type Exchange, type Identity } from '../http/exchange.ts';
import { headersOf } from '../http/onward.ts';
import type { Admit, Wanted } from './admit.ts';
import { bodyAsSent, placesIn, plainText, type Sent } from './as-sent.ts';
import { readBeside, type Beside } from './beside.ts';
import type { TasksDeps } from './deps.ts';

/** What is in the request goes before what is beside it. */
export function toWanted(sent: Sent, beside: Beside): Result<Wanted> {
  const { request: given } = sent;
  const { model } = given;
  const named: unknown = given.body['model'];
  if (named !== undefined && named !== model) {
    const message = 'The model of the task and the model in its body differ.';
    return { ok: false, problem: problem('invalid_request', message, { param: 'body.model' }) };
  }
  const wanted = { ...beside, ...given, body: bodyAsSent(sent) };
  const isKeyed = wanted.idempotency_key !== undefined;
  return { ok: true, value: isKeyed ? { ...wanted, print: plainText(given) } : wanted };
}

interface Asked {
  readonly requests: readonly Sent[];
  /** Whether one was sent by itself; else a list was, so that a list is answered. */
  readonly single: boolean;
}

function readOne(bytes: Buffer, value: unknown): Result<Asked> {
  const one = fit(taskRequest, value);
  return one.ok ? { ok: true, value: { requests: [{ request: one.value, bytes }], single: true } } : one;
}

function readMany(bytes: Buffer, value: unknown): Result<Asked> {
  const all = fit(taskRequests, value);
  if (!all.ok) return all;
  const places = placesIn(bytes);
  const requests = all.value.tasks.map((request, at) => ({ request, bytes: places?.[at] }));
  return { ok: true, value: { requests, single: false } };
}

async function readRequests(exchange: Exchange, bytesMax: number): Promise<Result<Asked>> {
  const body = await readBody(exchange.request, bytesMax);
  if (!body.ok) return body;
  const json = parseJson(body.value);
  if (!json.ok) return json;
  const isMany = typeof json.value === 'object' && json.value !== null && 'tasks' in json.value;
  return isMany ? readMany(body.value, json.value) : readOne(body.value, json.value);
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
