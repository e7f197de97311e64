import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSelfSigned } from '../../../test/conformance/self-signed.ts';
import { createDeferred } from '../../../test/world/deferred.ts';
import { systemClock } from '../../../test/conformance/system-clock.ts';
import {
  scriptedAnswer,
  testTransport,
  type ReplicaScript,
  type TransportUnderTest,
} from '../../../test/conformance/transport.ts';
import type { Transport } from '#contracts';
import { createHttpTransport } from './index.ts';

type Way = 'tcp' | 'tls' | 'unix';

const selfSigned = createSelfSigned();
const trust = 'NODE_TLS_REJECT_UNAUTHORIZED';

/** For tests that are not about who vouches for a certificate. */
function trustAnybody(): () => void {
  const before = process.env[trust];
  process.env[trust] = '0';
  return () => {
    if (before === undefined) Reflect.deleteProperty(process.env, trust);
    else process.env[trust] = before;
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function openOn(script: ReplicaScript, way: Way): Promise<TransportUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-transport-'));
  const noticed = createDeferred();
  const distrust = trustAnybody();
  const make = way === 'tls' ? createSecureServer.bind(undefined, selfSigned) : createServer;
  const server = make((request, response) => {
    request.resume();
    response.on('close', () => {
      noticed.resolve();
    });
    if (script === 'answer')
      response
        .writeHead(scriptedAnswer.status, { 'content-type': scriptedAnswer.contentType })
        .end(scriptedAnswer.body);
    if (script === 'break-off') request.socket.destroy();
  });
  const path = join(folder, 'r.sock');
  if (way === 'unix') server.listen(path);
  else server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = way === 'tls' ? 'https' : 'http';
  const endpoint = way === 'unix' ? `unix:${path}` : `${scheme}://127.0.0.1:${portOf(server)}`;
  if (script === 'refuse-connection') server.close();
  return {
    transport: createHttpTransport(systemClock),
    endpoint,
    abandoned: noticed.promise,
    close: async () => {
      server.closeAllConnections();
      server.close();
      distrust();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

testTransport({ name: 'HTTP on TCP', open: (script) => openOn(script, 'tcp') });
testTransport({ name: 'HTTP over TLS', open: (script) => openOn(script, 'tls') });
testTransport({ name: 'HTTP on a unix socket', open: (script) => openOn(script, 'unix') });

const socketTable = '/proc/net/tcp';

/** Whether the kernel will ask over the connection with this local port if its other end is there still. */
function isProbed(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = readFileSync(socketTable, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, from]) => from?.endsWith(local));
  // The timer that runs, and when it is over: 02 is that of probes.
  return row?.[5]?.startsWith('02:') === true;
}

const ignore = (): void => undefined;

describe.skipIf(!existsSync(socketTable))('a machine that goes away without a word', () => {
  const server = createServer();
  const transport = createHttpTransport(systemClock);
  afterEach(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
  });

  it('is found out by probes, however long an answer may take', async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connected = new Promise<Socket>((resolve) => {
      server.once('request', ({ socket }) => {
        resolve(socket);
      });
    });
    transport.send(
      {
        endpoint: `http://127.0.0.1:${portOf(server)}`,
        method: 'GET',
        path: '/',
        headers: [],
        body: undefined,
      },
      { started: ignore, received: () => true, ended: ignore, failed: ignore },
    );
    const { remotePort = 0 } = await connected;
    await expect.poll(() => isProbed(remotePort)).toBe(true);
  });
});

interface Heard {
  readonly bytes: Buffer[];
  readonly end: Promise<string>;
}

/** Asks, and reads more slowly than is answered: a pause with every piece. */
function readSlowly(transport: Transport, endpoint: string): Heard {
  const bytes: Buffer[] = [];
  const end = new Promise<string>((resolve) => {
    const call = transport.send(
      { endpoint, method: 'GET', path: '/', headers: [], body: undefined },
      {
        started: ignore,
        received(part) {
          bytes.push(Buffer.from(part));
          setTimeout(() => {
            call.resume();
          }, 5);
          return false;
        },
        ended: () => {
          resolve('ended');
        },
        failed: (problem, sent) => {
          resolve(`failed ${sent ? 'after' : 'before'} it was sent: ${problem.message}`);
        },
      },
    );
  });
  return { bytes, end };
}

describe('an endpoint over TLS', () => {
  const answer = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
  let server: Server;
  let transport: Transport;
  let serve: (response: ServerResponse) => void;
  beforeEach(async () => {
    transport = createHttpTransport(systemClock);
    server = createSecureServer(selfSigned, (_, response) => {
      serve(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
  });
  const endpoint = (): string => `https://127.0.0.1:${portOf(server)}`;

  it.each([
    ['of a length that is told', (response: ServerResponse) => response.setHeader('content-length', 300_000)],
    ['in chunks', (response: ServerResponse) => response.setHeader('transfer-encoding', 'chunked')],
    [
      'that ends with its connection',
      (response: ServerResponse) => response.removeHeader('transfer-encoding'),
    ],
  ])('may close behind an answer %s that is read slowly', async (_, frame) => {
    const distrust = trustAnybody();
    serve = (response) => {
      response.useChunkedEncodingByDefault = false;
      response.setHeader('connection', 'close');
      frame(response);
      response.end(answer);
    };
    const heard = readSlowly(transport, endpoint());
    expect(await heard.end).toBe('ended');
    expect(Buffer.concat(heard.bytes).equals(answer)).toBe(true);
    distrust();
  });

  it('is not asked where nobody vouches for its certificate', async () => {
    serve = (response) => response.end();
    expect(await readSlowly(transport, endpoint()).end).toContain('before it was sent');
  });
});
