import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SignsOfLife } from '#contracts';
import { problem, ProblemError, problemOf } from '#schema';
import { readJson } from './body.ts';
import { createReply, type WireReply } from './reply.ts';

export interface WireRequest {
  /** The parsed JSON body; `undefined` when there was none. */
  readonly body: unknown;
  /** Fires when the client's connection closes before the answer is complete: stop computing. */
  readonly signal: AbortSignal;
}

/** Answers one request. A ProblemError it throws becomes the answer, or the event that ends the stream. */
export type WireHandler = (request: WireRequest, reply: WireReply) => void | Promise<void>;

export interface WireSpec {
  /** By method and path, for example `POST /v1/chat/completions`. */
  readonly routes: Readonly<Record<string, WireHandler>>;
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

async function handle(spec: WireSpec, { request, response, path }: Exchange): Promise<void> {
  const route = `${request.method ?? 'GET'} ${path}`;
  const handler = Object.hasOwn(spec.routes, route) ? spec.routes[route] : undefined;
  if (handler === undefined) throw new ProblemError(problem('not_found', `There is no ${route} here.`));
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const body = await readJson(request, spec.bodyBytesMax ?? defaultBodyBytesMax);
  const reply = createReply(response);
  replies.set(response, reply);
  if (body.ok) return handler({ body: body.value, signal: gone.signal }, reply);
  // What was not read would be taken for the next request.
  response.shouldKeepAlive = false;
  reply.problem(body.problem);
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
