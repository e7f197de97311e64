import type { IncomingMessage, ServerResponse } from 'node:http';
import { endpointPaths, problem, problemOf, type EndpointPath, type Problem } from '#schema';
import type { Log } from '#contracts';
import { createAdmin } from './admin/index.ts';
import { createAnthropic, isMessagesPath } from './anthropic/messages.ts';
import { sendMessagesProblem } from './anthropic/refusal.ts';
import type { GatewayDeps } from './deps.ts';
import { sendProblem, type Exchange, type Identity } from './http/exchange.ts';
import { createProbes, probePaths } from './http/probes.ts';
import { createKeyRing, type KeyRing } from './keys/key-ring.ts';
import { createInference } from './native/inference.ts';
import { createModels } from './openai/models.ts';
import { createRequests } from './openai/requests.ts';
import { createTasks, wantsTask } from './tasks/index.ts';

type ServeExchange = (exchange: Exchange) => void | Promise<void>;

type FindRoute = (path: string, request: IncomingMessage) => ServeExchange | undefined;

/** The routes that a string comparison finds; everything below `/api/v1/` is the admin API's own. */
function createRoutes(deps: GatewayDeps): FindRoute {
  const models = createModels(deps.directory);
  const { dispatch, directory, clock, log } = deps;
  const { bodyBytes: bodyBytesMax, slowClientMs } = deps.config.limits;
  const translating = { dispatch, clock, log, bodyBytesMax, slowClientMs };
  const inference = createInference({ ...translating, directory });
  const anthropic = createAnthropic(translating);
  const admin = createAdmin(deps.admin);
  const tasks = createTasks({
    ...deps,
    ...deps.tasks,
    config: deps.config.tasks,
    bodyBytesMax,
  });
  return (path, request) => {
    if (path.startsWith('/api/v1/')) return admin;
    if (path === '/v1/models' || path.startsWith('/v1/models/')) return models;
    if (isMessagesPath(path)) return anthropic;
    return tasks.routeOf(path, request) ?? (path === '/v1/inference' ? inference : undefined);
  };
}

const requestPaths: ReadonlySet<string> = new Set(endpointPaths);
function isEndpoint(path: string): path is EndpointPath {
  return requestPaths.has(path);
}

function credentials(request: IncomingMessage): string | undefined {
  const apiKey = request.headers['x-api-key'];
  return request.headers.authorization ?? (typeof apiKey === 'string' ? apiKey : undefined);
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly requestId: string;
}

/** Refuses in the shape of the wire that the path belongs to. */
function refuse({ response, path }: Visit, cause: Problem): void {
  if (isMessagesPath(path)) sendMessagesProblem(response, cause);
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
  const { request, response, path, requestId } = visit;
  const url = request.url ?? '/';
  const queryAt = url.indexOf('?');
  const query = new URLSearchParams(queryAt === -1 ? '' : url.slice(queryAt + 1));
  const isValid = (): boolean => ring.identify(credentials(request)).ok;
  return { request, response, method: request.method ?? 'GET', path, query, requestId, identity, isValid };
}

function refuseStranger(visit: Visit, cause: Problem): void {
  if (cause.code === 'missing_key') visit.response.setHeader('www-authenticate', 'Bearer');
  refuse(visit, cause);
}

type ServeEndpoint = (visit: Visit, identity: Identity, endpoint: EndpointPath) => void;

function createEndpointDoor(deps: GatewayDeps): ServeEndpoint {
  const { dispatch, config, clock, log } = deps;
  const { bodyBytes, slowClientMs } = config.limits;
  const serve = createRequests({ dispatch, clock, log, bodyBytesMax: bodyBytes, slowClientMs });
  return ({ request, response, requestId }, identity, endpoint) => {
    if (request.method === 'POST') {
      serve({ request, response, identity, requestId, endpoint });
      return;
    }
    response.setHeader('x-request-id', requestId);
    response.setHeader('allow', 'POST');
    sendProblem(response, problem('method_not_allowed', `${endpoint} takes POST.`));
  };
}

export interface FrontDesk {
  readonly ring: KeyRing;
  receive(visit: Visit): void;
}

/** Finds who should serve a visit. The hot path comes first and allocates no URL. */
export function createFrontDesk(deps: GatewayDeps, isReady: () => boolean): FrontDesk {
  const ring = createKeyRing(deps.clock);
  const routeOf = createRoutes(deps);
  const probe = createProbes(deps.meters, isReady);
  const serveEndpoint = createEndpointDoor(deps);

  async function serveOther(visit: Visit, identity: Identity): Promise<void> {
    const serve = routeOf(visit.path, visit.request);
    if (serve !== undefined) await serve(toExchange(visit, identity, ring));
    else sendProblem(visit.response, problem('not_found', `There is nothing at ${visit.path}.`));
  }

  /** Requests for models are bounded in number; looking after the platform stays possible. */
  function isCrowded(path: string): boolean {
    return deps.dispatch.inFlight() >= deps.config.limits.inFlight && path.startsWith('/v1/');
  }

  function supervise(visit: Visit, work: Promise<void>): void {
    work.catch((thrown: unknown) => {
      answerFault(deps.log, visit, thrown);
    });
  }

  return {
    ring,
    receive(visit) {
      const { request, response, path, requestId } = visit;
      if (probePaths.has(path)) {
        supervise(visit, probe(path, response));
        return;
      }
      const identity = ring.identify(credentials(request));
      if (identity.ok && isCrowded(path)) {
        response.setHeader('x-request-id', requestId);
        refuse(
          visit,
          problem('overloaded', 'The gateway has as many requests as it may.', { retryAfterMs: 1000 }),
        );
        return;
      }
      if (identity.ok && isEndpoint(path) && !wantsTask(request)) {
        serveEndpoint(visit, identity.value, path);
        return;
      }
      response.setHeader('x-request-id', requestId);
      if (identity.ok) supervise(visit, serveOther(visit, identity.value));
      else refuseStranger(visit, identity.problem);
    },
  };
}
