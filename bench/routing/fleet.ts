import { createPrefixIndex, createPrefixMirror, type PrefixIndex, type PrefixMirror } from '#policies';
import { createChance } from '../harness/chance.ts';
import type { Arrival, Trace } from './trace.ts';

export interface FleetSetup {
  readonly replicas: number;
  /** Prefill rate of each. */
  readonly tokensPerSecond: number;
  /** What each replica's prefix cache holds. */
  readonly cacheTokens: number;
  /** Of all requests, how many the router learns of wrongly: it believes another replica to hold the prefix. */
  readonly staleShare: number;
}

/** One replica: reads prompts one after another, and keeps blocks, least recently used out first. */
export interface FleetReplica {
  readonly index: number;
  /** When it will have read everything that was sent to it. */
  freeAtSeconds: number;
  /** Requests sent to it and not begun to be answered, by when they will be. */
  readonly firstTokensAt: number[];
  /** What it really holds. */
  readonly cache: PrefixMirror;
}

/** What a run came to. */
export interface Served {
  readonly ttftSeconds: Float64Array;
  readonly hitTokens: number;
  readonly inputTokens: number;
}

/** A fleet on which a router places requests. */
export interface Fleet {
  readonly setup: FleetSetup;
  readonly trace: Trace;
  readonly replicas: readonly FleetReplica[];
  /** What the router believes the caches to hold. */
  readonly prefixes: PrefixIndex;
  /** Sends it; it is read after what was sent there before. */
  send(arrival: Arrival, replica: FleetReplica, nowSeconds: number): void;
  served(): Served;
}

export function createFleet(trace: Trace, setup: FleetSetup): Fleet {
  const blocks = Math.floor(setup.cacheTokens / trace.tokensPerBlock);
  const chance = createChance(3);
  const replicas = Array.from({ length: setup.replicas }, (_, index): FleetReplica => {
    return {
      index,
      freeAtSeconds: 0,
      firstTokensAt: [],
      cache: createPrefixMirror(blocks),
    };
  });
  const prefixes = createPrefixIndex(setup.replicas, blocks);
  const ttft: number[] = [];
  let hitTokens = 0;
  let inputTokens = 0;
  return {
    setup,
    trace,
    replicas,
    prefixes,
    send(arrival, replica, nowSeconds) {
      const hit = Math.min(arrival.inputTokens, replica.cache.match(arrival.blocks) * trace.tokensPerBlock);
      replica.cache.touch(arrival.blocks);
      const wrong = chance() < setup.staleShare;
      prefixes.touch(arrival.blocks, wrong ? Math.floor(chance() * replicas.length) : replica.index);
      const begins = Math.max(nowSeconds, replica.freeAtSeconds);
      replica.freeAtSeconds = begins + (arrival.inputTokens - hit) / setup.tokensPerSecond;
      replica.firstTokensAt.push(replica.freeAtSeconds);
      ttft.push(replica.freeAtSeconds - arrival.atSeconds);
      hitTokens += hit;
      inputTokens += arrival.inputTokens;
    },
    served: () => ({ ttftSeconds: Float64Array.from(ttft), hitTokens, inputTokens }),
  };
}

/** One queue for all replicas, first come, first served, and one cache for all, which keeps everything. */
export function serveBound({ arrivals, tokensPerBlock }: Trace, setup: FleetSetup): Served {
  const freeAt = new Float64Array(setup.replicas);
  const seen = new Set<number>();
  let hitTokens = 0;
  let inputTokens = 0;
  const ttftSeconds = Float64Array.from(arrivals, ({ atSeconds, inputTokens: tokens, blocks }) => {
    const missing = blocks.findIndex((block) => !seen.has(block));
    for (const block of blocks) seen.add(block);
    const hit = Math.min(tokens, (missing === -1 ? blocks.length : missing) * tokensPerBlock);
    hitTokens += hit;
    inputTokens += tokens;
    const next = freeAt.indexOf(Math.min(...freeAt));
    const done = Math.max(atSeconds, freeAt[next] ?? 0) + (tokens - hit) / setup.tokensPerSecond;
    freeAt[next] = done;
    return done - atSeconds;
  });
  return { ttftSeconds, hitTokens, inputTokens };
}
