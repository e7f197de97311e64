import type { Clock, Transport } from '#contracts';
import { createPlainPool, type PlainPool } from './plain/plain-pool.ts';
import type { Target } from './plain/wire.ts';

const sweepIntervalMs = 1000;

/** Where an endpoint leads. */
function targetOf(endpoint: string): Target {
  if (endpoint.startsWith('unix:'))
    return {
      address: { path: endpoint.slice('unix:'.length) },
      host: 'replica',
      isSecure: false,
      basePath: '',
    };
  const { protocol, hostname, port, host, pathname } = new URL(endpoint);
  const isSecure = protocol === 'https:';
  const usualPort = isSecure ? 443 : 80;
  return {
    address: { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usualPort : Number(port) },
    host,
    isSecure,
    basePath: pathname.replace(/\/+$/, ''),
  };
}

/**
 * Reaches replicas over HTTP/1.1, on TCP, with or without TLS, or on a unix socket, with connections of our own. No time
 * limits on replies: a long prompt may take minutes, and whether a replica still moves is judged by its signs of life.
 */
export function createHttpTransport(clock: Clock): Transport {
  const nowMs = (): number => clock.monotonicMs();
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
    send: (call, listener) => poolOf(call.endpoint).send(call, listener),
    async close() {
      clearInterval(sweeper);
      for (const pool of pools.values()) pool.close();
      pools.clear();
    },
  };
}
