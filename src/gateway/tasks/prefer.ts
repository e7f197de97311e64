import type { IncomingMessage } from 'node:http';
import { isTaskEndpoint, ProblemError, problem } from '#schema';
import type { Result } from '#contracts';
import { collectBody } from '../http/body.ts';
import { missingScope, sendJson, type Exchange } from '../http/exchange.ts';
import { headersOf, readWishes } from '../http/onward.ts';
import type { Admit, Wanted } from './admit.ts';
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
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const named =
      typeof parsed === 'object' && parsed !== null && 'model' in parsed ? parsed.model : undefined;
    if (typeof named === 'string' && named.length <= 512) return named;
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : 'unreadable';
    throw new ProblemError(problem('invalid_json', `The body is not JSON: ${why}.`));
  }
  const message = 'The body must be a JSON object with "model" as a string of at most 512 characters.';
  throw new ProblemError(problem('invalid_request', message, { param: 'model' }));
}

async function readWanted({ request, path }: Exchange, bytesMax: number): Promise<Wanted> {
  if (!isTaskEndpoint(path)) throw new ProblemError(problem('unsupported_endpoint', `${path} has no tasks.`));
  const wishes = readWishes(headersOf(request));
  if (!wishes.ok) throw new ProblemError(wishes.problem);
  const body = await readBytes(request, bytesMax);
  if (!body.ok) throw new ProblemError(body.problem);
  const { priority, deadlineMs } = wishes.value;
  const key = request.headers['idempotency-key'];
  return {
    endpoint: path,
    model: modelIn(body.value),
    body: body.value,
    priority,
    ...(deadlineMs !== undefined && { deadline_s: deadlineMs / 1000 }),
    ...(typeof key === 'string' && key !== '' && { idempotency_key: key.slice(0, 255) }),
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
    const tasks = await admit(identity, [await readWanted(exchange, deps.bodyBytesMax)]);
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
