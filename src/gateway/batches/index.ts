import {
  ProblemError,
  batchRequest,
  fit,
  hasEnded,
  problem,
  type BatchRequest,
  type NewTask,
  type Task,
} from '#schema';
import { atRest, cancelMarkOf } from '#dispatch';
import type { PathParams, Route } from '../http/router.ts';
import type { FilesDeps } from '../files/deps.ts';
import { findFile } from '../files/find.ts';
import { listOf, readPage } from '../files/pages.ts';
import { readJson, sendJson, type Exchange, type Identity } from '../http/exchange.ts';
import { batchViewOf } from './view.ts';
import type { KeptSpec } from './wire.ts';

export interface BatchesDeps extends FilesDeps {
  readonly bodyBytesMax: number;
}

const scope = 'infer';
const one = '/v1/batches/:id';

/** Batches of one tenant that are not over. */
const unfinishedMax = 1000;
/** After its window a batch still has to write its files. */
const finalizeMs = 3_600_000;
const windowMsMax = 365 * 86_400_000;
/** Deaths of workers count as attempts; only its deadline ends a batch. */
const attemptsMax = 1_000_000;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function windowMsOf(text: string): number {
  const ms = Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0);
  if (ms > 0 && ms <= windowMsMax) return ms;
  const message = '"completion_window" must be a minute at least and 365 days at most.';
  throw new ProblemError(problem('invalid_request', message, { param: 'completion_window' }));
}

async function readRequest(deps: BatchesDeps, { request }: Exchange): Promise<BatchRequest> {
  const body = await readJson(request, deps.bodyBytesMax);
  if (!body.ok) throw new ProblemError(body.problem);
  const parsed = fit(batchRequest, body.value);
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  return parsed.value;
}

async function refuseTooMany({ queue }: BatchesDeps, tenant: string): Promise<void> {
  let count = 0;
  for (const each of await queue.counts())
    if (each.lane === 'batch' && each.tenant === tenant && !hasEnded(each.state)) count += each.count;
  if (count < unfinishedMax) return;
  const message = `The tenant "${tenant}" has as many unfinished batches as it may.`;
  throw new ProblemError(problem('rate_limited', message, { retryAfterMs: 60_000 }));
}

function batchTask(deps: BatchesDeps, { tenant, key }: Identity, request: BatchRequest): NewTask {
  const nowMs = deps.clock.nowMs();
  const deadlineMs = nowMs + windowMsOf(request.completion_window);
  const keepMs = deps.config.keepMs;
  const spec: KeptSpec = {
    inputFile: request.input_file_id,
    endpoint: request.endpoint,
    deadlineMs,
    filesKeepMs: request.output_expires_after ? request.output_expires_after.seconds * 1000 : keepMs,
    window: request.completion_window,
    metadata: request.metadata,
  };
  return {
    ...atRest(nowMs),
    id: deps.nextId('batch_'),
    lane: 'batch',
    tenant,
    key,
    model: '',
    endpoint: request.endpoint,
    expiresAtMs: deadlineMs + finalizeMs,
    keepMs,
    attemptsMax,
    input: { kind: 'inline', bytes: Buffer.from(JSON.stringify(spec)) },
  };
}

async function create(deps: BatchesDeps, exchange: Exchange): Promise<undefined> {
  const { identity } = exchange;
  const request = await readRequest(deps, exchange);
  const file = await findFile(deps, identity, request.input_file_id);
  if (file.model !== 'batch' || file.tenant !== identity.tenant) {
    const message = `The file "${file.id}" is not for batches of this tenant.`;
    throw new ProblemError(problem('invalid_request', message, { param: 'input_file_id' }));
  }
  await refuseTooMany(deps, identity.tenant);
  const batch = batchTask(deps, identity, request);
  // Read again after every crash, up to its end: the file must not expire before.
  await deps.queue.steer(file.id, { keepUntilMs: batch.expiresAtMs });
  await findFile(deps, identity, file.id);
  const [made] = await deps.queue.submit([batch]);
  if (made) sendJson(exchange.response, 200, batchViewOf(made.task, undefined));
  return undefined;
}

async function find(deps: BatchesDeps, { identity }: Exchange, id: string) {
  const found = await deps.queue.get([id, cancelMarkOf(id)]);
  const batch = found.find((task) => task.id === id);
  const isSeen = batch !== undefined && (batch.tenant === identity.tenant || identity.scopes.has('admin'));
  if (!isSeen || batch.lane !== 'batch')
    throw new ProblemError(problem('not_found', `There is no batch "${id}".`));
  return { batch, cancel: found.find((task) => task.id !== id) };
}

/** Says for good that it is to end: its worker looks for that from time to time. */
async function mark({ queue, clock }: BatchesDeps, { id, tenant, key, keepMs }: Task): Promise<void> {
  const entry = { ...atRest(clock.nowMs()), lane: 'mark', model: '', endpoint: '' } as const;
  const input = { kind: 'inline', bytes: new Uint8Array(0) } as const;
  const idempotencyKey = cancelMarkOf(id);
  await queue.submit([{ ...entry, id: cancelMarkOf(id), tenant, key, keepMs, input, idempotencyKey }]);
}

async function cancel(deps: BatchesDeps, exchange: Exchange, id: string): Promise<undefined> {
  const { batch } = await find(deps, exchange, id);
  if (!hasEnded(batch.state)) {
    await mark(deps, batch);
    // One that no worker has begun has nothing to clear up.
    if (batch.state === 'queued' && batch.attempt === 0) await deps.queue.steer(id, 'cancelled');
  }
  const now = await find(deps, exchange, id);
  sendJson(exchange.response, 200, batchViewOf(now.batch, now.cancel));
  return undefined;
}

async function list({ queue }: BatchesDeps, exchange: Exchange): Promise<undefined> {
  const page = await readPage(queue, exchange, {
    lane: 'batch',
    idPrefix: 'batch_',
    limit: { max: 100, fallback: 20 },
  });
  const ids = page.tasks.map(({ id }) => id);
  const found = new Map((await queue.get([...ids, ...ids.map(cancelMarkOf)])).map((task) => [task.id, task]));
  const views = ids.flatMap((id) => {
    const batch = found.get(id);
    return batch ? [batchViewOf(batch, found.get(cancelMarkOf(id)))] : [];
  });
  sendJson(exchange.response, 200, listOf(views, page.hasMore));
  return undefined;
}

/** Batches (OpenAI's wire): every line of a file as a task of its own. */
export function batchRoutes(deps: BatchesDeps): readonly Route[] {
  return [
    { method: 'POST', pattern: '/v1/batches', scope, handle: (exchange) => create(deps, exchange) },
    { method: 'GET', pattern: '/v1/batches', scope, handle: (exchange) => list(deps, exchange) },
    {
      method: 'GET',
      pattern: one,
      scope,
      async handle(exchange, { id = '' }: PathParams) {
        const { batch, cancel: cancelled } = await find(deps, exchange, id);
        sendJson(exchange.response, 200, batchViewOf(batch, cancelled));
        return undefined;
      },
    },
    {
      method: 'POST',
      pattern: `${one}/cancel`,
      scope,
      handle: (exchange, { id = '' }: PathParams) => cancel(deps, exchange, id),
    },
  ];
}
