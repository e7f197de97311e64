import { Pool } from 'undici';

/** Replicas come and go: pools that nobody used for this long are closed. */
const idleLimitMs = 120_000;
const sweepIntervalMs = 30_000;

interface Entry {
  readonly pool: Pool;
  readonly basePath: string;
  usedAtMs: number;
  calls: number;
}

export interface PoolLease {
  readonly pool: Pool;
  readonly basePath: string;
  release(): void;
}

export interface Pools {
  lease(endpoint: string): PoolLease;
  close(): Promise<void>;
}

/**
 * One connection pool for each endpoint. No time limits on replies here: a long prompt may take minutes, and
 * whether a replica still moves is judged by its signs of life.
 */
function openPool(endpoint: string): { pool: Pool; basePath: string } {
  const common = {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 10_000,
    keepAliveTimeout: 30_000,
  };
  const url = new URL(endpoint);
  return { pool: new Pool(url.origin, common), basePath: url.pathname.replace(/\/+$/, '') };
}

export function createPools(now: () => number): Pools {
  const entries = new Map<string, Entry>();

  function sweep(): void {
    for (const [endpoint, entry] of entries) {
      if (entry.calls > 0 || now() - entry.usedAtMs < idleLimitMs) continue;
      entries.delete(endpoint);
      entry.pool.destroy().catch(() => undefined);
    }
  }
  const sweeper = setInterval(sweep, sweepIntervalMs);
  sweeper.unref();

  return {
    lease(endpoint) {
      let entry = entries.get(endpoint);
      if (!entry) {
        entry = { ...openPool(endpoint), usedAtMs: now(), calls: 0 };
        entries.set(endpoint, entry);
      }
      const held = entry;
      held.calls += 1;
      return {
        pool: held.pool,
        basePath: held.basePath,
        release() {
          held.calls -= 1;
          held.usedAtMs = now();
        },
      };
    },
    async close() {
      clearInterval(sweeper);
      await Promise.allSettled([...entries.values()].map((entry) => entry.pool.destroy()));
      entries.clear();
    },
  };
}
