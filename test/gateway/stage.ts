import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { configSchema, resourceSchemas, type Config } from '#schema';
import { type FeedbackEntry, type Meters, silentMeters } from '#contracts';
import {
  createDirectory,
  createDispatch,
  createPayloads,
  createTaskLimits,
  createTaskTurns,
} from '#dispatch';
import { createMemoryQueue } from '#queues/memory';
import { createMemoryStore } from '#stores/memory';
import { createMemoryBlobs } from '#blobs/memory';
import { createHttpTransport } from '#transports';
import { quietLog } from '../world/quiet-log.ts';
import { createSeededRng } from '../world/seeded-rng.ts';
import { systemClock as clock } from '../conformance/system-clock.ts';
import { createGateway, hashSecret } from '#gateway';

const cleanups: (() => Promise<void> | void)[] = [];

/** Ends what the test has started, the last first. */
export async function cleanUp(): Promise<void> {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
}

/** A replica whose answers each test scripts. */
export async function startReplica(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server: Server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const meters: Meters = {
  ...silentMeters,
  exposition: () => Promise.resolve('# nothing\n'),
};

/** What was handed in as feedback. */
export const feedback: FeedbackEntry[] = [];

/** The real gateway and dispatch before one replica, with the key `mr_user` and the deployment `chat`. */
export async function startGateway(
  endpoint: string,
  limits: Partial<Config['limits']> = {},
): Promise<string> {
  const rng = { next: () => 0.5, secretHex: (bytes: number) => '0'.repeat(bytes * 2) };
  const config = configSchema.parse({ home: '/nowhere', listen: '127.0.0.1:0', limits });
  const directory = createDirectory({ headersOf: () => [] });
  const transport = createHttpTransport(clock);
  const dispatch = createDispatch({ directory, transport, clock, rng: createSeededRng(), meters });
  const gateway = createGateway({
    config,
    tls: undefined,
    directory,
    dispatch,
    clock,
    rng,
    log: quietLog,
    meters,
    feedback: {
      append: async (entry) => void feedback.push(entry),
      close: () => Promise.resolve(),
    },
    admin: {
      store: createMemoryStore({ clock }),
      blobs: createMemoryBlobs(),
      engines: new Map(),
      inspect: () => Promise.reject(new Error('not asked here')),
      standings: dispatch.loads,
      replicaLogs: () => Promise.resolve([]),
      clock,
      rng,
      bodyLimitBytes: config.limits.bodyBytes,
      info: { version: '0', startedAtMs: 0 },
    },
    tasks: {
      queue: createMemoryQueue({ clock, turns: createTaskTurns() }),
      payloads: createPayloads({ blobs: createMemoryBlobs(), rng, clock }),
      webhookSecretOf: () => 'whsec_',
      limits: createTaskLimits(),
    },
  });
  const spec = { model: 'tiny', version: '1', engine: { name: 'fake' } };
  const status = { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint, concurrency: 100 };
  for (const resource of [
    resourceSchemas.Key.parse({
      kind: 'Key',
      metadata: { name: 'user' },
      spec: { hash: hashSecret('mr_user') },
    }),
    resourceSchemas.Key.parse({
      kind: 'Key',
      metadata: { name: 'old' },
      spec: { hash: hashSecret('mr_old'), expiresAt: '2020-01-01T00:00:00Z' },
    }),
    resourceSchemas.Deployment.parse({ kind: 'Deployment', metadata: { name: 'chat' }, spec }),
    resourceSchemas.Replica.parse({
      kind: 'Replica',
      metadata: { name: 'r' },
      spec: {
        deployment: 'chat',
        model: 'tiny',
        version: '1',
        generation: 1,
        engine: 'fake',
        substrate: 'fake',
      },
      status,
    }),
  ]) {
    directory.apply({ type: 'put', resource });
    gateway.apply({ type: 'put', resource });
  }
  const listening = await gateway.listen();
  if (!listening.ok) throw new Error(listening.problem.message);
  cleanups.push(async () => {
    await gateway.close(0);
    await transport.close();
  });
  return listening.value;
}
