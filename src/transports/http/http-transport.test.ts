import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDeferred } from '../../../test/world/deferred.ts';
import { systemClock } from '../../../test/conformance/system-clock.ts';
import {
  scriptedAnswer,
  testTransport,
  type ReplicaScript,
  type TransportUnderTest,
} from '../../../test/conformance/transport.ts';
import { createHttpTransport } from './index.ts';

async function openOn(script: ReplicaScript, unix: boolean): Promise<TransportUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-transport-'));
  const noticed = createDeferred();
  const server = createServer((request, response) => {
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
  if (unix) server.listen(path);
  else server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  if (script === 'refuse-connection') server.close();
  return {
    transport: createHttpTransport(systemClock),
    endpoint: unix ? `unix:${path}` : `http://127.0.0.1:${port}`,
    abandoned: noticed.promise,
    close: async () => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

testTransport({ name: 'HTTP on TCP', open: (script) => openOn(script, false) });
testTransport({ name: 'HTTP on a unix socket', open: (script) => openOn(script, true) });

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
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const connected = new Promise<Socket>((resolve) => {
      server.once('request', ({ socket }) => {
        resolve(socket);
      });
    });
    transport.send(
      { endpoint: `http://127.0.0.1:${port}`, method: 'GET', path: '/', headers: [], body: undefined },
      { started: ignore, received: () => true, ended: ignore, failed: ignore },
    );
    const { remotePort = 0 } = await connected;
    await expect.poll(() => isProbed(remotePort)).toBe(true);
  });
});
