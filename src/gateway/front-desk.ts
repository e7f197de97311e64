import type { IncomingMessage, ServerResponse } from 'node:http';
import { openaiEndpoints, problem, problemOf, type EndpointPath, type Problem } from '#schema';
import type { Log, Result } from '#contracts';
import { createAdmin } from './admin/index.ts';
import { createAnthropic, isMessagesPath } from './anthropic/messages.ts';
import { sendMessagesProblem } from './anthropic/refusal.ts';
import type { GatewayDeps } from './deps.ts';
import { sendProblem, wrongMethod, type Exchange, type Identity } from './http/exchange.ts';
import { credentials, headersOf, type ReadHeader } from './http/onward.ts';
import type { PlainService } from './http/plain/plain-connection.ts';
import { createProbes, probePaths } from './http/probes.ts';
import { createRequestIds } from './http/request-id.ts';
import { createKeyRing, type KeyRing } from './keys/key-ring.ts';
import { createPlainService } from './plain-service.ts';
import { createFeedback } from './native/feedback.ts';
import { createInference } from './native/inference.ts';
import { createOip, isOipPath } from './oip/index.ts';
import { sendOipProblem } from './oip/problems.ts';
import { createModels } from './openai/models.ts';
import { createRequests, type Requests } from './openai/requests.ts';
import { createTasks, wantsTask } from './tasks/index.ts';

type ServeExchange = (exchange: Exchange) => void | Promise<void>;

type FindRoute = (path: string, request: IncomingMessage) => ServeExchange | undefined;

/** The routes that a string comparison finds; everything below `/api/v1/` is the admin API's own. */
function createRoutes(deps: GatewayDeps): FindRoute {
  const models = createModels(deps.directory);
  const { dispatch, directory, clock, log } = deps;
  const { bodyBytes: bodyBytesMax, slowClientMs } = deps.config.limits;
  const translating = { dispatch, clock, log, bodyBytesMax, slowClientMs };
  const native = new Map([
    ['/v1/inference', createInference({ ...translating, directory })],
    ['/v1/feedback', createFeedback(deps)],
  ]);
  const anthropic = createAnthropic(translating);
  const oip = createOip({ ...translating, directory, version: deps.admin.info.version });
  const admin = createAdmin(deps.admin);
  const tasks = createTasks({
    ...deps,
    ...deps.tasks,
    config: deps.config.tasks,
    files: deps.config.files,
    bodyBytesMax,
  });
  return (path, request) => {
    if (path.startsWith('/api/v1/')) return admin;
    if (path === '/v1/models' || path.startsWith('/v1/models/')) return models;
    const durable = tasks.routeOf(path, request);
    if (durable) return durable;
    if (isMessagesPath(path)) return anthropic;
    if (isOipPath(path)) return oip;
    return native.get(path);
  };
}

const requestPaths: ReadonlySet<string> = new Set(openaiEndpoints);
function isEndpoint(path: string): path is EndpointPath {
  return requestPaths.has(path);
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly header: ReadHeader;
  readonly path: string;
  readonly requestId: string;
}

/** Refuses in the shape of the wire that the path belongs to. */
function refuse({ response, path }: Visit, cause: Problem): void {
  if (isMessagesPath(path)) sendMessagesProblem(response, cause);
  else if (isOipPath(path)) sendOipProblem(response, cause);
  else sendProblem(response, cause);
}

/** A fault of ours: the log gets the details, the caller the request id. */
function answerFault(log: Log, visit: Visit, thrown: unknown): void {
  const cause = problemOf(thrown);
  if (cause.code === 'internal') {
    const message = thrown instanceof Error ? thrown.stack : String(thrown);
    log.error('request-faulted', { requestId: visit.requestId, message });
  }
  refuse(visit, cause.code === 'internal' ? problem('internal') : cause);
}

function toExchange(visit: Visit, identity: Identity, ring: KeyRing): Exchange {
  const { request, response, header, path, requestId } = visit;
  const url = request.url ?? '/';
  const queryAt = url.indexOf('?');
  const query = new URLSearchParams(queryAt === -1 ? '' : url.slice(queryAt + 1));
  const isValid = (): boolean => ring.identify(credentials(header)).ok;
  return { request, response, method: request.method ?? 'GET', path, query, requestId, identity, isValid };
}

function refuseStranger(visit: Visit, cause: Problem): void {
  if (cause.code === 'missing_key') visit.response.setHeader('www-authenticate', 'Bearer');
  refuse(visit, cause);
}

type ServeEndpoint = (visit: Visit, identity: Identity, endpoint: EndpointPath) => void;

function createEndpointDoor(requests: Requests): ServeEndpoint {
  return ({ request, response, header, requestId }, identity, endpoint) => {
    if (request.method === 'POST') {
      requests.receive({ response, header, identity, requestId, endpoint }, request);
      return;
    }
    response.setHeader('x-request-id', requestId);
    sendProblem(response, wrongMethod({ response, path: endpoint }, 'POST'));
  };
}

const crowded = problem('overloaded', 'The gateway has as many requests as it may.', { retryAfterMs: 1000 });

export interface FrontDesk {
  readonly ring: KeyRing;
  readonly plain: PlainService;
  receive(request: IncomingMessage, response: ServerResponse): void;
}

/** Looks after what is not asked of a model: by its path, whatever it may throw. */
function createOtherDoor(
  deps: GatewayDeps,
  ring: KeyRing,
): (visit: Visit, identity: Identity) => Promise<void> {
  const routeOf = createRoutes(deps);
  return async (visit, identity) => {
    const serve = routeOf(visit.path, visit.request);
    if (serve !== undefined) await serve(toExchange(visit, identity, ring));
    else sendProblem(visit.response, problem('not_found', `There is nothing at ${visit.path}.`));
  };
}

type Receive = (visit: Visit) => void;

/** Nobody is sent away before it is known whether others have heard of them. */
async function identifyAgain(
  { catchUp }: GatewayDeps,
  { ring }: Doors,
  { header }: Visit,
): Promise<Result<Identity>> {
  const identity = ring.identify(credentials(header));
  if (identity.ok || identity.problem.code !== 'invalid_key' || catchUp === undefined) return identity;
  await catchUp();
  return ring.identify(credentials(header));
}

/** Finds who should serve a visit. Requests for models come first, and are bounded in number. */
function createReception(deps: GatewayDeps, doors: Doors): Receive {
  const { ring, probe, serveEndpoint, serveOther, isCrowded } = doors;
  function supervise(visit: Visit, work: Promise<void>): void {
    work.catch((thrown: unknown) => {
      answerFault(deps.log, visit, thrown);
    });
  }
  function welcome(visit: Visit, identity: Identity): void {
    const { request, response, path, requestId } = visit;
    if (isEndpoint(path) && !wantsTask(request) && !isCrowded()) {
      serveEndpoint(visit, identity, path);
      return;
    }
    response.setHeader('x-request-id', requestId);
    // Looking after the platform stays possible.
    if (isCrowded() && (path.startsWith('/v1/') || isOipPath(path))) refuse(visit, crowded);
    else supervise(visit, serveOther(visit, identity));
  }
  async function meet(visit: Visit): Promise<void> {
    const identity = await identifyAgain(deps, doors, visit);
    if (identity.ok) {
      welcome(visit, identity.value);
      return;
    }
    visit.response.setHeader('x-request-id', visit.requestId);
    refuseStranger(visit, identity.problem);
  }
  return (visit) => {
    const { header, response, path } = visit;
    const identity = probePaths.has(path) ? undefined : ring.identify(credentials(header));
    if (identity === undefined) supervise(visit, probe(path, response));
    else if (identity.ok) welcome(visit, identity.value);
    else supervise(visit, meet(visit));
  };
}

interface Doors {
  readonly ring: KeyRing;
  readonly probe: ReturnType<typeof createProbes>;
  readonly serveEndpoint: ServeEndpoint;
  readonly serveOther: ReturnType<typeof createOtherDoor>;
  readonly isCrowded: () => boolean;
}

export function createFrontDesk(deps: GatewayDeps, isReady: () => boolean): FrontDesk {
  const { dispatch, config, clock, log } = deps;
  const { bodyBytes, slowClientMs, inFlight } = config.limits;
  const ring = createKeyRing(clock);
  const requestIds = createRequestIds(deps.rng);
  const isCrowded = (): boolean => dispatch.inFlight() >= inFlight;
  const requests = createRequests({ dispatch, clock, log, bodyBytesMax: bodyBytes, slowClientMs });
  const receive = createReception(deps, {
    ring,
    probe: createProbes(deps.meters, isReady),
    serveEndpoint: createEndpointDoor(requests),
    serveOther: createOtherDoor(deps, ring),
    isCrowded,
  });
  return {
    ring,
    plain: createPlainService({ deps, ring, requests, requestIds, isCrowded }),
    receive(request, response) {
      const header = headersOf(request);
      const url = request.url ?? '/';
      const queryAt = url.indexOf('?');
      const path = queryAt === -1 ? url : url.slice(0, queryAt);
      receive({ request, response, header, path, requestId: requestIds(header) });
    },
  };
}
