import type { Clock, Transport } from '#contracts';
import { createPlainPool, type PlainPool } from './plain/plain-pool.ts';
import type { Target } from './plain/wire.ts';
import { createUndiciCalls } from './undici-calls.ts';

const sweepIntervalMs = 1000;

/** Where an endpoint without TLS leads. */
function targetOf(endpoint: string): Target {
  if (endpoint.startsWith('unix:'))
    return { address: { path: endpoint.slice('unix:'.length) }, host: 'replica', basePath: '' };
  const { hostname, port, host, pathname } = new URL(endpoint);
  return {
    address: { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) },
    host,
    basePath: pathname.replace(/\/+$/, ''),
  };
}

/**
 * Reaches replicas over HTTP/1.1, on TCP or on a unix socket, with connections of our own; over TLS with undici's. No
 * time limits on replies: a long prompt may take minutes, and whether a replica still moves is judged by its signs of
 * life.
 */
export function createHttpTransport(clock: Clock): Transport {
  const nowMs = (): number => clock.monotonicMs();
  const secure = createUndiciCalls(nowMs);
  const pools = new Map<string, PlainPool>();
  const sweeper = setInterval(() => {
    for (const [endpoint, pool] of pools) if (pool.sweep()) pools.delete(endpoint);
  }, sweepIntervalMs);
  sweeper.unref();

  function poolOf(endpoint: string): PlainPool {
    const known = pools.get(endpoint);
    if (known !== undefined) return known;
    const pool = createPlainPool(targetOf(endpoint), nowMs);
    pools.set(endpoint, pool);
    return pool;
  }

  return {
    send: (call, listener) =>
      call.endpoint.startsWith('https:')
        ? secure.send(call, listener)
        : poolOf(call.endpoint).send(call, listener),
    async close() {
      clearInterval(sweeper);
      for (const pool of pools.values()) pool.close();
      pools.clear();
      await secure.close();
    },
  };
}
