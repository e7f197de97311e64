import type { IncomingMessage } from 'node:http';
import { isTaskEndpoint, ProblemError, problem, taskTimeMaxS } from '#schema';
import type { Result } from '#contracts';
import { collectBody } from '../http/body.ts';
import { missingScope, parseJson, sendJson, type Exchange } from '../http/exchange.ts';
import { isModelName, noModelName } from '../http/model-name.ts';
import { headersOf, readWishes, type ReadHeader } from '../http/onward.ts';
import { compressed, isOipPath, lengthName, nameAsked, type ModelPath } from '../oip/index.ts';
import { readOipPath } from '../oip/paths.ts';
import type { Admit, Wanted } from './admit.ts';
import { readBeside } from './beside.ts';
import type { TasksDeps } from './deps.ts';
import { awaitEnd } from './follow.ts';
import { sendResult } from './result.ts';
import { enqueue } from './submit.ts';
import { isOver, viewOf } from './view.ts';

const waitMaxS = 3600;

/** What `Prefer` asks for (RFC 7240), as far as it concerns us. */
interface Preference {
  readonly isAsync: boolean;
  readonly waitMs: number;
}

function readPreference(header: string | string[] | undefined): Preference {
  const words = String(header ?? '')
    .toLowerCase()
    .split(/[,;]/)
    .map((word) => word.trim());
  const wait = words.find((word) => /^wait\s*=\s*\d+$/.test(word));
  const seconds = wait === undefined ? 0 : Number(wait.slice(wait.indexOf('=') + 1));
  return { isAsync: words.includes('respond-async'), waitMs: Math.min(seconds, waitMaxS) * 1000 };
}

/** What the Open Inference Protocol is asked to compute by this path. */
function inferenceAt(path: string): ModelPath | undefined {
  const asked = isOipPath(path) ? readOipPath(path) : undefined;
  return asked?.kind === 'infer' ? asked : undefined;
}

/** Whether requests to this path can become tasks. */
export function canBeTask(path: string): boolean {
  return isOipPath(path) ? inferenceAt(path) !== undefined : isTaskEndpoint(path);
}

/** Whether this request wants to be a task. A look at one header, for the hot path. */
export function wantsTask({ headers, method }: IncomingMessage): boolean {
  return headers['prefer'] !== undefined && method === 'POST' && readPreference(headers['prefer']).isAsync;
}

function readBytes(request: IncomingMessage, bytesMax: number): Promise<Result<Buffer>> {
  return new Promise((resolve) => {
    collectBody(request, bytesMax, resolve);
  });
}

function modelIn(body: Buffer): string {
  const parsed = parseJson(body);
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  const { value } = parsed;
  const named = typeof value === 'object' && value !== null && 'model' in value ? value.model : undefined;
  if (isModelName(named)) return named;
  throw new ProblemError(noModelName());
}

/** What is asked of whom: as the path says, or the body. */
type Asked = Pick<Wanted, 'endpoint' | 'model' | 'jsonBytes'>;

function jsonBytesOf(header: ReadHeader, body: Buffer): Pick<Asked, 'jsonBytes'> {
  const jsonBytes = header(lengthName);
  if (jsonBytes === undefined) return {};
  if (/^\d{1,15}$/.test(jsonBytes) && Number(jsonBytes) <= body.length) return { jsonBytes };
  const message = `"${lengthName}" is no length of the JSON in this body.`;
  throw new ProblemError(problem('invalid_request', message, { param: lengthName }));
}

async function readAsked({ directory }: TasksDeps, exchange: Exchange, body: Buffer): Promise<Asked> {
  const { request, path, identity } = exchange;
  const tensors = inferenceAt(path);
  if (tensors !== undefined) {
    const unreadable = compressed(exchange);
    if (unreadable !== undefined) throw new ProblemError(unreadable);
    const { tenant } = identity;
    await directory.find(tensors.model, tenant);
    const model = nameAsked(directory, tensors, tenant);
    return { endpoint: '/v2/models/infer', model, ...jsonBytesOf(headersOf(request), body) };
  }
  if (isTaskEndpoint(path)) return { endpoint: path, model: modelIn(body) };
  throw new ProblemError(problem('unsupported_endpoint', `${path} has no tasks.`));
}

async function readWanted(deps: TasksDeps, exchange: Exchange): Promise<Wanted> {
  const { request } = exchange;
  const wishes = readWishes(headersOf(request));
  if (!wishes.ok) throw new ProblemError(wishes.problem);
  const beside = readBeside(headersOf(request));
  if (!beside.ok) throw new ProblemError(beside.problem);
  const body = await readBytes(request, deps.bodyBytesMax);
  if (!body.ok) throw new ProblemError(body.problem);
  const { priority, deadlineMs } = wishes.value;
  return {
    ...(await readAsked(deps, exchange, body.value)),
    body: body.value,
    priority,
    ...(deadlineMs !== undefined && { deadline_s: Math.min(deadlineMs / 1000, taskTimeMaxS) }),
    ...beside.value,
  };
}

/**
 * `Prefer: respond-async` on a request endpoint: the request becomes a task, answered with 202. With `wait=N` it is
 * waited for so many seconds first, and answered as usual when it is quick enough.
 */
export function createDeferral(deps: TasksDeps, admit: Admit): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const { request, response, identity } = exchange;
    const forbidden = missingScope(identity, 'infer');
    if (forbidden) throw new ProblemError(forbidden);
    const { waitMs } = readPreference(request.headers['prefer']);
    const tasks = await admit(identity, [await readWanted(deps, exchange)]);
    if (!tasks.ok) throw new ProblemError(tasks.problem);
    const [submitted] = await enqueue(deps, tasks.value);
    if (submitted === undefined) throw new ProblemError(problem('internal'));
    const { task } = submitted;
    const onLeave = (left: () => void): void => void response.once('close', left);
    const now = waitMs > 0 ? await awaitEnd(deps, task.id, { forMs: waitMs, onLeave }) : task;
    response.setHeader('preference-applied', 'respond-async');
    response.setHeader('location', `/v1/tasks/${task.id}`);
    if (now === undefined || !isOver(now)) sendJson(response, 202, viewOf(now ?? task, deps.clock.nowMs()));
    else {
      const refused = await sendResult(deps, exchange, now);
      if (refused) throw new ProblemError(refused);
    }
  };
}
