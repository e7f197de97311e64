import { problem, ProblemError, type Task } from '#schema';
import { fileEntry } from '#dispatch';
import type { PathParams, Route } from '../http/router.ts';
import { sendJson, type Exchange } from '../http/exchange.ts';
import { batchThatReads } from '../batches/reading.ts';
import type { FilesDeps } from './deps.ts';
import { findFile } from './find.ts';
import { listOf, readPage } from './pages.ts';
import { receiveFile } from './receive.ts';
import { sendPayload } from './send-payload.ts';
import { fileViewOf, isKept } from './view.ts';

const scope = 'infer';
const one = '/v1/files/:id';

async function refuseTooMany({ queue, config }: FilesDeps, tenant: string): Promise<void> {
  let count = 0;
  for (const each of await queue.counts())
    if (each.lane === 'file' && each.tenant === tenant) count += each.count;
  if (count < config.filesMax) return;
  const message = `The tenant "${tenant}" has as many files as it may. Delete some, or let them expire.`;
  throw new ProblemError(problem('rate_limited', message, { retryAfterMs: 60_000 }));
}

async function create(deps: FilesDeps, exchange: Exchange): Promise<undefined> {
  const { queue, clock } = deps;
  const { tenant, key } = exchange.identity;
  await refuseTooMany(deps, tenant);
  const received = await receiveFile(deps, exchange);
  const [made] = await queue.submit([fileEntry({ ...received, tenant, key, nowMs: clock.nowMs() })]);
  if (made) sendJson(exchange.response, 200, fileViewOf(made.task));
  return undefined;
}

async function list({ queue, clock }: FilesDeps, exchange: Exchange): Promise<undefined> {
  const model = exchange.query.get('purpose') ?? undefined;
  const page = await readPage(queue, exchange, {
    lane: 'file',
    idPrefix: 'file-',
    model,
    limit: { max: 10_000, fallback: 1000 },
    isShown: (file) => isKept(file, clock.nowMs()),
  });
  sendJson(exchange.response, 200, listOf(page.tasks.map(fileViewOf), page.hasMore));
  return undefined;
}

/** What a batch still reads stays: its answers could not be told any more. */
async function remove({ queue }: FilesDeps, { response }: Exchange, file: Task): Promise<undefined> {
  const { id } = file;
  const batch = await batchThatReads(queue, file);
  if (batch !== undefined) {
    const message = `The batch "${batch}" reads the file "${id}". Cancel it, or wait for its end.`;
    throw new ProblemError(problem('in_use', message));
  }
  await queue.steer(id, 'forgotten');
  sendJson(response, 200, { id, object: 'file', deleted: true });
  return undefined;
}

async function sendContent({ payloads }: FilesDeps, { response }: Exchange, file: Task): Promise<undefined> {
  const head = (): unknown =>
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': fileViewOf(file).bytes,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.endpoint)}`,
    });
  await sendPayload(response, { payloads, payload: file.input, head });
  return undefined;
}

/** Files of users (OpenAI's wire): the inputs and outputs of batches. */
export function fileRoutes(deps: FilesDeps): readonly Route[] {
  const at =
    (serve: (exchange: Exchange, file: Task) => Promise<undefined>) =>
    async (exchange: Exchange, { id = '' }: PathParams): Promise<undefined> =>
      serve(exchange, await findFile(deps, exchange.identity, id));
  return [
    { method: 'POST', pattern: '/v1/files', scope, handle: (exchange) => create(deps, exchange) },
    { method: 'GET', pattern: '/v1/files', scope, handle: (exchange) => list(deps, exchange) },
    {
      method: 'GET',
      pattern: one,
      scope,
      handle: at(async ({ response }, file) => {
        sendJson(response, 200, fileViewOf(file));
        return Promise.resolve(undefined);
      }),
    },
    {
      method: 'DELETE',
      pattern: one,
      scope,
      handle: at((exchange, file) => remove(deps, exchange, file)),
    },
    {
      method: 'GET',
      pattern: `${one}/content`,
      scope,
      handle: at((exchange, file) => sendContent(deps, exchange, file)),
    },
  ];
}
