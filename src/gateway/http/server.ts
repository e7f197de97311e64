import {
  createServer as createHttpServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { problem, problemBody, problems, type Config, type Problem } from '#schema';
import { createLateBodies, requestMsMax } from './late-bodies.ts';
import type { PlainService } from './plain/plain-connection.ts';
import { openPlainDoor } from './plain/plain-door.ts';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Longer than the idle time of the usual load balancers, so that it is never we who close under a request. */
const keepAliveTimeoutMs = 75_000;

function faultOf(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return problem('headers_too_large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('request_timeout');
  return problem('invalid_request', 'This is not an HTTP request that can be read.');
}

/**
 * Answers what never became a request: unreadable, too large, or too slow in coming. Where an answer is already on its
 * way, the connection is cut: another head in its midst would be taken for part of it.
 */
function answerFault(socket: Duplex, current: ServerResponse | undefined, code: string | undefined): void {
  const answering = current !== undefined && current.headersSent && !current.writableFinished;
  if (answering || code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const cause = faultOf(code);
  const { status } = problems[cause.code];
  const body = JSON.stringify(problemBody(cause));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** Who answers: plain requests on our own framing, everything else as Node reads it. */
export interface Services {
  readonly plain: PlainService;
  serve(request: IncomingMessage, response: ServerResponse): void;
}

export interface Door {
  readonly server: Server;
  /** Ends connections on which nothing is under way. */
  closeIdle(): void;
  closeAll(): void;
}

function openServer(limits: Config['limits'], tls: TlsFiles | undefined, serve: Services['serve']): Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: requestMsMax,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: 1000,
    highWaterMark: 65_536,
    noDelay: true,
  };
  return tls === undefined
    ? createHttpServer(options, serve)
    : createHttpsServer({ ...options, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, serve);
}

/** Node's server with every limit of the configuration set, none of its defaults relied upon; before it the plain door. */
export function createServer(limits: Config['limits'], tls: TlsFiles | undefined, services: Services): Door {
  const server = openServer(limits, tls, (request, response) => {
    services.serve(request, response);
  });
  const current = new WeakMap<Duplex, ServerResponse>();
  const late = createLateBodies(limits.bodyMs, ({ socket }) => {
    answerFault(socket, current.get(socket), 'ERR_HTTP_REQUEST_TIMEOUT');
  });
  server.on('close', () => late.stop());
  server.prependListener('request', (request, response) => {
    current.set(request.socket, response);
    late.watch(request);
  });
  server.maxConnections = limits.connections;
  server.on('clientError', (fault: NodeJS.ErrnoException, socket) => {
    answerFault(socket, current.get(socket), fault.code);
  });
  const plain = openPlainDoor(server, tls === undefined ? 'connection' : 'secureConnection', {
    limits,
    keepAliveMs: keepAliveTimeoutMs,
    service: services.plain,
    expire: (socket) => {
      answerFault(socket, undefined, 'ERR_HTTP_REQUEST_TIMEOUT');
    },
  });
  return {
    server,
    closeIdle() {
      server.closeIdleConnections();
      plain.closeIdle();
    },
    closeAll() {
      server.closeAllConnections();
      plain.closeAll();
    },
  };
}
