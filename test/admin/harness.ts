import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { Blobs, Clock, Engine, Result, Rng, Store } from '#contracts';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryStore } from '#stores/memory';
import { apiVersion, problem, problemOf, type Resource, type Scope } from '#schema';
import { createAdmin } from '../../src/gateway/admin/index.ts';
import { sendProblem, type Identity } from '../../src/gateway/http/exchange.ts';

/** Keys as these tests send them: `Bearer <scope>,<scope>`. */
function identityOf(header: string | undefined): Identity {
  const names = (header ?? '').replace('Bearer ', '').split(',');
  const all: readonly Scope[] = ['infer', 'read', 'write', 'admin'];
  return {
    key: 'tester',
    tenant: 'default',
    scopes: new Set(all.filter((scope) => names.includes(scope))),
    priority: 'standard',
  };
}

const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

function createCountingRng(): Rng {
  let count = 0;
  return {
    next: () => 0.5,
    secretHex: (bytes) => {
      count += 1;
      return count.toString(16).padStart(bytes * 2, '0');
    },
  };
}

/** An engine that loads files whose first bytes are `MODEL`, and knows one option. */
const testEngine: Engine = {
  name: 'llama',
  dialect: 'openai',
  formats: ['test'],
  endpoints: ['/v1/chat/completions'],
  concurrency: () => 1,
  parseOptions: (options) => {
    const stray = Object.keys(options ?? {}).find((name) => name !== 'threads');
    return stray === undefined
      ? { ok: true, value: {} }
      : { ok: false, problem: problem('invalid_resource', `"${stray}" is no option.`, { param: stray }) };
  },
  launch: () => ({ kind: 'endpoint', url: 'http://127.0.0.1:1', headers: [] }),
  life: () => Promise.resolve<Result<never>>({ ok: false, problem: problem('replica_failed') }),
};

export interface AdminServer {
  readonly url: string;
  readonly store: Store;
  readonly blobs: Blobs;
  /** Writes as the platform does: statuses included. */
  platformWrites(resource: Resource): Promise<void>;
  /** From now on no key is good for what goes on already. */
  revokeKeys(): void;
  /** How many are open. */
  connections(): Promise<number>;
  /** Every connection is cut, as by a crash. */
  cutConnections(): void;
  close(): Promise<void>;
}

export async function startAdmin(
  options: { readonly historyChangesMax?: number } = {},
): Promise<AdminServer> {
  const store = createMemoryStore({ clock, historyChangesMax: options.historyChangesMax });
  const blobs = createMemoryBlobs();
  await store.commit(
    [
      {
        verb: 'put',
        resource: { apiVersion, kind: 'Tenant', metadata: { name: 'default' }, spec: { weight: 1 } },
      },
    ],
    { name: 'test', tenant: 'default' },
  );
  const admin = createAdmin({
    store,
    blobs,
    engines: new Map([['llama', testEngine]]),
    inspect: async (digest) => {
      let head = '';
      for await (const part of blobs.read(digest, { from: 0, to: 5 })) head += Buffer.from(part).toString();
      return head === 'MODEL'
        ? { ok: true, value: { format: 'test', facts: { parameters: 7 } } }
        : { ok: false, problem: problem('not_a_model', `It begins with "${head}", not with "MODEL".`) };
    },
    standings: {
      of: (deployment) =>
        deployment === 'chat'
          ? {
              deployment,
              inFlight: 7,
              waiting: 3,
              ready: 1,
              wanted: 4,
              advised: 3,
              utilisation: 1,
              arrivedMs: 12_000,
              takenMs: 9000,
            }
          : undefined,
    },
    replicaLogs: (replica, lines) =>
      Promise.resolve(replica === 'gone-1' ? ['one', 'two', 'three'].slice(-lines) : []),
    clock,
    rng: createCountingRng(),
    bodyLimitBytes: 100_000,
    info: { version: '9.9.9', startedAtMs: Date.now() - 1000 },
  });
  let revoked = false;
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const exchange = {
      request,
      response,
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      requestId: 'request-1',
      identity: identityOf(request.headers.authorization),
      isValid: () => !revoked,
    };
    admin(exchange).catch((fault: unknown) => {
      sendProblem(response, problemOf(fault));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}`,
    store,
    blobs,
    platformWrites: async (resource) => {
      const done = await store.commit([{ verb: 'put', resource }], { name: 'platform', tenant: 'system' });
      assert(done.ok);
    },
    connections: () =>
      new Promise((resolve) => {
        server.getConnections((_fault, count) => {
          resolve(count);
        });
      }),
    revokeKeys: () => {
      revoked = true;
    },
    cutConnections: () => {
      server.closeAllConnections();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
