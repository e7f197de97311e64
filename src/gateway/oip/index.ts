import { boundedPriority, modelVersionLabel, problem, type EndpointPath, type Problem } from '#schema';
import type { Clock, Log, Result } from '#contracts';
import type { Directory, Dispatch } from '#dispatch';
import { collectBody } from '../http/body.ts';
import { missingScope, sendJson, wrongMethod, type Exchange } from '../http/exchange.ts';
import { headersOf, readWishes, type ReadHeader } from '../http/onward.ts';
import { Relay } from '../openai/relay.ts';
import { readOipPath, type OipPath } from './paths.ts';
import { sendOipProblem, showOipProblem } from './problems.ts';

export interface OipDeps {
  readonly dispatch: Dispatch;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly bodyBytesMax: number;
  readonly slowClientMs: number;
}

export type ModelPath = Exclude<OipPath, { readonly kind: 'server' }>;

export function isOipPath(path: string): boolean {
  return path === '/v2' || path.startsWith('/v2/');
}

function unknown({ model, version }: ModelPath): Problem {
  const what = version === undefined ? `"${model}"` : `"${model}" in version ${version}`;
  return problem('model_not_found', `No deployment serves the model ${what}.`);
}

/** Nothing of the body is known here. */
const unread = { promptFrom: -1, promptTo: -1, modelFrom: -1, modelTo: -1 };

/** A name that leads to what the path asks for: a model's, or that of one version of it. */
export function nameAsked(
  directory: Pick<Directory, 'resolve'>,
  { model, version }: ModelPath,
  tenant: string,
): string {
  const route = directory.resolve(model, tenant);
  if (version === undefined || route === undefined) return model;
  const label = modelVersionLabel({ model: route.model, version });
  return route.label === label && route.split === undefined ? model : label;
}

export const lengthName = 'inference-header-content-length';

/** What travels on to the replica besides the body. */
function onward(requestId: string, header: ReadHeader): string[] {
  const list = ['content-type', header('content-type') ?? 'application/json', 'x-request-id', requestId];
  for (const name of [lengthName, 'traceparent']) {
    const value = header(name);
    if (value !== undefined) list.push(name, value);
  }
  return list;
}

interface Asking {
  readonly endpoint: EndpointPath;
  /** The name by which dispatch is asked. */
  readonly model: string;
  readonly body: Buffer;
}

function submit(deps: OipDeps, exchange: Exchange, { endpoint, model, body }: Asking): void {
  const { request, response, requestId, identity } = exchange;
  const { clock, dispatch, log, slowClientMs } = deps;
  const header = headersOf(request);
  const wished = readWishes(header);
  if (!wished.ok) {
    sendOipProblem(response, wished.problem);
    return;
  }
  const { deadlineMs, session } = wished.value;
  const priority = boundedPriority(wished.value.priority, identity.priority);
  const arrivedMs = clock.monotonicMs();
  const relay = new Relay({
    response,
    requestId,
    clock,
    arrivedMs,
    slowClientMs,
    show: showOipProblem,
    finished(status) {
      const durationMs = Math.round((clock.monotonicMs() - arrivedMs) * 1000) / 1000;
      log.info('request-finished', { requestId, endpoint, model, status, durationMs, key: identity.key });
    },
  });
  const { tenant, key } = identity;
  const who = { requestId, tenant, key, priority, session };
  const what = { model, endpoint, body, ...unread, stream: false, answers: 1 };
  const headers = onward(requestId, header);
  relay.attach(dispatch.submit({ ...who, ...what, maxTokens: undefined, headers, deadlineMs }, relay));
}

/** Why a body cannot be read as it is sent. */
export function compressed({ request }: Exchange): Problem | undefined {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return undefined;
  const message = `Bodies compressed by "${encoding}" are not read. Send them as they are.`;
  return problem('unsupported_parameter', message);
}

function infer(deps: OipDeps, exchange: Exchange, model: string): void {
  const { request, response } = exchange;
  const refused = compressed(exchange);
  if (refused !== undefined) {
    sendOipProblem(response, refused);
    return;
  }
  collectBody(request, deps.bodyBytesMax, (body: Result<Buffer>) => {
    if (body.ok) submit(deps, exchange, { endpoint: '/v2/models/infer', model, body: body.value });
    else if (body.problem.code !== 'client_closed_request') sendOipProblem(response, body.problem);
  });
}

async function serveModel(deps: OipDeps, exchange: Exchange, path: ModelPath): Promise<void> {
  const { response, identity } = exchange;
  await deps.directory.find(path.model, identity.tenant);
  const model = nameAsked(deps.directory, path, identity.tenant);
  const route = deps.directory.resolve(model, identity.tenant);
  if (route === undefined) sendOipProblem(response, unknown(path));
  else if (path.kind === 'infer') infer(deps, exchange, model);
  else if (path.kind === 'metadata')
    submit(deps, exchange, { endpoint: '/v2/models/metadata', model, body: Buffer.alloc(0) });
  else {
    const ready = route.slots.length > 0;
    sendJson(response, ready ? 200 : 503, { name: path.model, ready });
  }
}

function refusalOf(exchange: Exchange, asked: OipPath | undefined): Problem | undefined {
  const { identity, method, path } = exchange;
  if (asked === undefined) return problem('not_found', `There is nothing at ${path}.`);
  const wanted = asked.kind === 'infer' ? 'POST' : 'GET';
  if (method !== wanted) return wrongMethod(exchange, wanted);
  return missingScope(identity, 'infer');
}

/** `/v2/…` for clients of KServe and Triton: bytes in, bytes out, binary tensors included. */
export function createOip(deps: OipDeps): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const { response, requestId, path } = exchange;
    const asked = readOipPath(path);
    const refusal = refusalOf(exchange, asked);
    response.setHeader('x-request-id', requestId);
    if (refusal !== undefined) sendOipProblem(response, refusal);
    else if (asked?.kind === 'server')
      sendJson(response, 200, {
        name: 'millrace',
        version: deps.version,
        extensions: ['binary_tensor_data'],
      });
    else if (asked !== undefined) await serveModel(deps, exchange, asked);
  };
}
