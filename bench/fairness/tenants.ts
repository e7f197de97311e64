import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { createChance } from '../harness/chance.ts';

/** One who asks: how much, in shares of what the replicas can do, and how much its work weighs beside that of others. */
export interface Tenant {
  readonly name: string;
  readonly load: number;
  readonly weight: number;
}

export interface Arrival {
  readonly atMs: number;
  readonly tenant: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The replicas: so many places, and how long a request occupies one. */
export interface Pool {
  readonly replicas: number;
  readonly placesEach: number;
  readonly inputMs: number;
  readonly outputMs: number;
  readonly fixedMs: number;
}

export function serviceMs(
  pool: Pool,
  { inputTokens, outputTokens }: Omit<Arrival, 'atMs' | 'tenant'>,
): number {
  return pool.inputMs * inputTokens + pool.outputMs * outputTokens + pool.fixedMs;
}

type Lengths = readonly (readonly [inputTokens: number, outputTokens: number])[];

const line = z.tuple([z.number(), z.number(), z.number(), z.array(z.number())]);

/** Lengths of real requests to a chat service (Mooncake; see bench/data). */
export function readLengths(): Lengths {
  const file = new URL('../data/mooncake/conversation-40min.jsonl.gz', import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  return lines.map((text) => {
    const [, inputTokens, outputTokens] = line.parse(JSON.parse(text));
    return [inputTokens, outputTokens];
  });
}

/** Every tenant asks at random moments, with lengths drawn from real ones. */
export function drawArrivals(
  given: {
    readonly pool: Pool;
    readonly tenants: readonly Tenant[];
    readonly seconds: number;
    readonly withOutputs: boolean;
  },
  lengths: Lengths,
  seed: number,
): readonly Arrival[] {
  const { pool, tenants, seconds, withOutputs } = given;
  const sizes = lengths.map(([inputTokens, outputTokens]) => ({
    inputTokens,
    outputTokens: withOutputs ? outputTokens : 0,
  }));
  const meanMs = sizes.reduce((sum, size) => sum + serviceMs(pool, size), 0) / sizes.length;
  const perMs = (pool.replicas * pool.placesEach) / meanMs;
  const arrivals: Arrival[] = [];
  for (const [n, { name, load }] of tenants.entries()) {
    // A stream of chance of its own: the same requests, whoever else asks.
    const chance = createChance(seed * 1000 + n);
    for (let atMs = 0; ;) {
      atMs += -Math.log(1 - chance()) / (load * perMs);
      if (atMs >= seconds * 1000) break;
      const size = sizes[Math.floor(chance() * sizes.length)] ?? { inputTokens: 1, outputTokens: 0 };
      arrivals.push({ atMs, tenant: name, ...size });
    }
  }
  return arrivals.toSorted((a, b) => a.atMs - b.atMs);
}
