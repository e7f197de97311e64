import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { SignsOfLife } from '#contracts';
import { problem, ProblemError, problemOf, type Problem } from '#schema';
import { readBytes, readJson } from './body.ts';
import { createReply, type DescribeProblem, type WireReply } from './reply.ts';

interface WireCall {
  readonly headers: IncomingHttpHeaders;
  /** Fires when the client's connection closes before the answer is complete: stop computing. */
  readonly signal: AbortSignal;
}

export interface WireRequest extends WireCall {
  /** The parsed JSON body; `undefined` when there was none. */
  readonly body: unknown;
}

/** Answers one request. A ProblemError it throws becomes the answer, or the event that ends the stream. */
export type WireHandler = (request: WireRequest, reply: WireReply) => void | Promise<void>;

export interface RawWireRequest extends WireCall {
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  readonly body: Buffer;
}

/** A dialect whose paths hold names, whose bodies are not only JSON, and whose refusals look another way. */
export interface RawDialect {
  accepts(path: string): boolean;
  answer(request: RawWireRequest, reply: WireReply): void | Promise<void>;
  readonly describe: DescribeProblem;
}

export interface WireSpec {
  /** By method and path, for example `POST /v1/chat/completions`. */
  readonly routes: Readonly<Record<string, WireHandler>>;
  /** Asked first. */
  readonly raw?: RawDialect | undefined;
  /** Answers `GET /millrace/life`. */
  life(): SignsOfLife | Promise<SignsOfLife>;
  /** Hears of faults that no client can be told in full. */
  onFault(event: string, message: string): void;
  /** Largest request body; 32 MiB when absent. */
  readonly bodyBytesMax?: number | undefined;
}

/** What a worker serves, and what it can tell about its use. */
export interface WireServer {
  readonly server: Server;
  /** Requests being answered, those for signs of life aside. */
  active(): number;
  /** How long ago somebody asked for signs of life or began or ended a request. */
  idleMs(): number;
  /** Stops accepting and resolves when every running request has ended, or after `graceMs` at the latest. */
  drain(graceMs: number): Promise<void>;
}

export const lifePath = '/millrace/life';
const defaultBodyBytesMax = 32 * 1024 * 1024;
/** Longer than any client's own: the client decides when a connection is no longer wanted. */
const keepAliveMs = 75_000;

export function createWireServer(spec: WireSpec): WireServer {
  const watch = createUseWatch();
  let draining = false;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === lifePath && request.method === 'GET') {
      watch.touch();
      return createReply(response).json(200, await spec.life());
    }
    if (draining) {
      response.shouldKeepAlive = false;
      throw new ProblemError(problem('shutting_down', 'The replica is stopping.'));
    }
    watch.begin();
    response.once('close', watch.end);
    await handle(spec, { request, response, path });
  };
  const server = createServer({ keepAliveTimeout: keepAliveMs, noDelay: true }, (request, response) => {
    answer(request, response).catch((error: unknown) => fail(spec, response, error));
  });
  return {
    server,
    active: watch.active,
    idleMs: watch.idleMs,
    drain: async (graceMs) => {
      draining = true;
      server.close();
      await watch.empty(graceMs);
      server.closeAllConnections();
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

async function handle(spec: WireSpec, exchange: Exchange): Promise<void> {
  const { request, response, path } = exchange;
  const raw = spec.raw?.accepts(path) === true ? spec.raw : undefined;
  const reply = createReply(response, raw?.describe);
  replies.set(response, reply);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const call = { headers: request.headers, signal: gone.signal };
  const bytesMax = spec.bodyBytesMax ?? defaultBodyBytesMax;
  if (raw === undefined) {
    const handler = routeOf(spec, exchange);
    const body = await readJson(request, bytesMax);
    return body.ok ? handler({ ...call, body: body.value }, reply) : unread(exchange, reply, body.problem);
  }
  const body = await readBytes(request, bytesMax);
  if (!body.ok) return unread(exchange, reply, body.problem);
  return raw.answer({ ...call, method: request.method ?? 'GET', path, body: body.value }, reply);
}

function routeOf({ routes }: WireSpec, { request, path }: Exchange): WireHandler {
  const route = `${request.method ?? 'GET'} ${path}`;
  const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (handler === undefined) throw new ProblemError(problem('not_found', `There is no ${route} here.`));
  return handler;
}

/** What was not read would be taken for the next request. */
function unread({ response }: Exchange, reply: WireReply, cause: Problem): void {
  response.shouldKeepAlive = false;
  reply.problem(cause);
}

/** The reply a handler was given knows whether a stream has begun. */
const replies = new WeakMap<ServerResponse, WireReply>();

function fail(spec: WireSpec, response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  const cause = problemOf(error);
  if (cause.code === 'internal') spec.onFault('request-failed', faultText(error));
  (replies.get(response) ?? createReply(response)).problem(cause);
}

export function faultText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

interface UseWatch {
  readonly active: () => number;
  readonly idleMs: () => number;
  readonly touch: () => void;
  readonly begin: () => void;
  readonly end: () => void;
  readonly empty: (graceMs: number) => Promise<void>;
}

function createUseWatch(): UseWatch {
  let active = 0;
  let usedMs = performance.now();
  let emptied: (() => void) | undefined;
  const touch = (): void => {
    usedMs = performance.now();
  };
  return {
    active: () => active,
    idleMs: () => performance.now() - usedMs,
    touch,
    begin: () => {
      active += 1;
      touch();
    },
    end: () => {
      active -= 1;
      touch();
      if (active === 0) emptied?.();
    },
    empty: (graceMs) => {
      if (active === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        emptied = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
