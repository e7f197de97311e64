import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
