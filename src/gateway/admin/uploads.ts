import { createHash } from 'node:crypto';
import type { Blob, Inspection, Result, Upload } from '#contracts';
import { digest as digestSchema, problem, problemOf, type Problem } from '#schema';
import { readJson, sendJson, type Exchange } from '../http/exchange.ts';
import type { AdminDeps } from './deps.ts';
import { isRecord } from './json.ts';
import type { PathParams, Route } from '../http/router.ts';
import { createUploadBody, dropRest } from './upload-body.ts';

interface Announced {
  readonly name: string;
  readonly sizeBytes: number;
  readonly digest: string | undefined;
}

function refused(message: string, param: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: problem('invalid_request', message, { param }) };
}

function parseName(name: unknown): Result<string> {
  if (typeof name === 'string' && name.length > 0 && name.length <= 255) return { ok: true, value: name };
  return refused('"name" must be the name of the file.', 'name');
}

function parseAnnounced(body: unknown): Result<Announced> {
  if (!isRecord(body)) return refused('The body must be {"name", "sizeBytes", "digest"?}.', '');
  const { sizeBytes, digest } = body;
  const name = parseName(body['name']);
  if (!name.ok) return name;
  if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || sizeBytes < 1)
    return refused('"sizeBytes" must be a whole number above 0.', 'sizeBytes');
  if (digest === undefined) return { ok: true, value: { name: name.value, sizeBytes, digest: undefined } };
  const parsed = digestSchema.safeParse(digest);
  if (!parsed.success) return refused('"digest" must be "sha256:" and 64 hexadecimal digits.', 'digest');
  return { ok: true, value: { name: name.value, sizeBytes, digest: parsed.data } };
}

/** The first byte that has not come yet. */
function offsetOf(upload: Upload): number {
  const first = upload.received[0];
  return first?.from === 0 ? first.to : 0;
}

function sendUpload(exchange: Exchange, status: number, upload: Upload): void {
  const offset = offsetOf(upload);
  exchange.response.setHeader('upload-offset', offset);
  exchange.response.setHeader('location', `/api/v1/uploads/${upload.id}`);
  sendJson(exchange.response, status, { ...upload, offset });
}

const noUpload = (id: string): Problem =>
  problem('not_found', `There is no open upload "${id}". It may be complete already: open it again to see.`);

/** Ends what is being done for a client that has left. */
function untilGone(exchange: Exchange): AbortSignal {
  const gone = new AbortController();
  exchange.response.once('close', () => {
    gone.abort();
  });
  return gone.signal;
}

async function dropUnused(deps: AdminDeps, digest: string): Promise<void> {
  const versions = await deps.store.list('ModelVersion');
  const used = versions.some(
    (one) => one.kind === 'ModelVersion' && (one.spec.digest === digest || one.status?.digest === digest),
  );
  if (!used) await deps.blobs.delete(digest);
}

/** What kind of model the file is; a file that is none does not stay. */
async function inspected(
  deps: AdminDeps,
  exchange: Exchange,
  file: { readonly blob: Blob; readonly name: string },
): Promise<Result<Blob & Inspection>> {
  const { blob, name } = file;
  const found = await deps.inspect(blob.digest, name, untilGone(exchange));
  if (found.ok)
    return { ok: true, value: { digest: blob.digest, sizeBytes: blob.sizeBytes, ...found.value } };
  if (found.problem.code === 'not_a_model') await dropUnused(deps, blob.digest);
  return found;
}

/**
 * Opens an upload. The same digest and size lead to the same upload, so that a client that lost everything but
 * the file goes on where it was; and where the file is here already, nothing is sent at all.
 */
async function begin(deps: AdminDeps, exchange: Exchange): Promise<Problem | undefined> {
  const body = await readJson(exchange.request, deps.bodyLimitBytes);
  if (!body.ok) return body.problem;
  const announced = parseAnnounced(body.value);
  if (!announced.ok) return announced.problem;
  const { name, sizeBytes, digest } = announced.value;
  const blob = digest === undefined ? undefined : await deps.blobs.stat(digest);
  if (blob) {
    const committed = await inspected(deps, exchange, { blob, name });
    if (!committed.ok) return committed.problem;
    sendJson(exchange.response, 200, { sizeBytes, digest, committed: committed.value });
    return undefined;
  }
  const id =
    digest === undefined
      ? deps.rng.secretHex(16)
      : createHash('sha256').update(`${digest}/${sizeBytes}`).digest('hex').slice(0, 32);
  const upload = await deps.blobs.begin({ id, sizeBytes, ...(digest !== undefined && { digest }) });
  if (!upload.ok) return upload.problem;
  sendUpload(exchange, 201, upload.value);
  return undefined;
}

async function state(deps: AdminDeps, exchange: Exchange, id: string): Promise<Problem | undefined> {
  const upload = await deps.blobs.upload(id);
  if (upload === undefined) return noUpload(id);
  sendUpload(exchange, 200, upload);
  return undefined;
}

function parseOffset(exchange: Exchange, upload: Upload): Result<number> {
  const header = exchange.request.headers['upload-offset'];
  const offset = typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : Number.NaN;
  if (Number.isNaN(offset))
    return refused('The header "upload-offset" must say where the bytes belong.', 'upload-offset');
  const length = Number(exchange.request.headers['content-length'] ?? 0);
  if (offset + length <= upload.sizeBytes) return { ok: true, value: offset };
  const message = `The upload has ${upload.sizeBytes} bytes; these would end at ${offset + length}.`;
  return { ok: false, problem: problem('payload_too_large', message) };
}

/** Whose fault it was: a client that is still there hears what is wrong, a full disk for example. */
function refusalOfWrite({ request, response }: Exchange, cause: Problem): Problem {
  if (response.destroyed || (request.destroyed && !request.complete)) return problem('client_closed_request');
  // The rest of the body would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  return cause;
}

async function write(deps: AdminDeps, exchange: Exchange, id: string): Promise<Problem | undefined> {
  const upload = await deps.blobs.upload(id);
  if (upload === undefined) return noUpload(id);
  const offset = parseOffset(exchange, upload);
  if (!offset.ok) return offset.problem;
  const body = createUploadBody(exchange.request, upload.sizeBytes - offset.value, deps.clock);
  const written = await deps.blobs
    .write(id, offset.value, body.bytes)
    .catch((fault: unknown): Result<Upload> => ({ ok: false, problem: problemOf(fault) }));
  if (body.overran())
    return problem('payload_too_large', `More bytes came than the ${upload.sizeBytes} that were announced.`);
  if (!written.ok) {
    await dropRest(exchange.request, deps.clock);
    return refusalOfWrite(exchange, written.problem);
  }
  sendUpload(exchange, 200, written.value);
  return undefined;
}

async function commit(deps: AdminDeps, exchange: Exchange, id: string): Promise<Problem | undefined> {
  const body = await readJson(exchange.request, deps.bodyLimitBytes);
  if (!body.ok) return body.problem;
  const name = parseName(isRecord(body.value) ? body.value['name'] : undefined);
  if (!name.ok) return name.problem;
  if ((await deps.blobs.upload(id)) === undefined) return noUpload(id);
  const blob = await deps.blobs.commit(id);
  if (!blob.ok) return blob.problem;
  const committed = await inspected(deps, exchange, { blob: blob.value, name: name.value });
  if (!committed.ok) return committed.problem;
  sendJson(exchange.response, 200, committed.value);
  return undefined;
}

async function abort(deps: AdminDeps, exchange: Exchange, id: string): Promise<undefined> {
  await deps.blobs.abort(id);
  exchange.response.writeHead(204).end();
  return undefined;
}

/** Resumable uploads of model files: open, send parts, commit. */
export function uploadRoutes(deps: AdminDeps): readonly Route[] {
  const one = '/api/v1/uploads/:id';
  const at =
    (verb: (deps: AdminDeps, exchange: Exchange, id: string) => Promise<Problem | undefined>) =>
    (exchange: Exchange, params: PathParams): Promise<Problem | undefined> =>
      verb(deps, exchange, params['id'] ?? '');
  return [
    {
      method: 'POST',
      pattern: '/api/v1/uploads',
      scope: 'write',
      handle: (exchange) => begin(deps, exchange),
    },
    { method: 'GET', pattern: one, scope: 'write', handle: at(state) },
    { method: 'PATCH', pattern: one, scope: 'write', handle: at(write) },
    { method: 'DELETE', pattern: one, scope: 'write', handle: at(abort) },
    { method: 'POST', pattern: `${one}/commit`, scope: 'write', handle: at(commit) },
  ];
}
