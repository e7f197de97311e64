import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { createChance } from '../harness/chance.ts';

/** A request of a workload: when it comes, how long its prompt is, and its blocks' names, as hashes of prefixes. */
export interface Arrival {
  readonly atSeconds: number;
  readonly inputTokens: number;
  readonly blocks: Uint32Array;
}

export interface Trace {
  readonly name: string;
  readonly arrivals: readonly Arrival[];
  readonly tokensPerBlock: number;
}

const line = z.tuple([z.number(), z.number(), z.number(), z.array(z.number().int().min(0))]);

function unpack(runs: readonly number[]): Uint32Array {
  const blocks: number[] = [];
  for (let at = 0; at < runs.length; at += 2)
    for (let offset = 0; offset < (runs[at + 1] ?? 0); offset++)
      blocks.push(nameOf((runs[at] ?? 0) + offset));
  return Uint32Array.from(blocks);
}

/** Spreads small numbers as a hash of the block's content would be. One to one, so that no two blocks fall together. */
function nameOf(block: number): number {
  return Math.imul(block + 1, 0x9e3779b1) >>> 0;
}

export function readMooncake(): Trace {
  const file = new URL('../data/mooncake/conversation-40min.jsonl.gz', import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const arrivals = lines.map((text): Arrival => {
    const [atMs, inputTokens, , runs] = line.parse(JSON.parse(text));
    return { atSeconds: atMs / 1000, inputTokens, blocks: unpack(runs) };
  });
  return { name: 'mooncake', arrivals, tokensPerBlock: 512 };
}

/** As many requests a second times `factor`. */
export function speedUp(trace: Trace, factor: number): Trace {
  const arrivals = trace.arrivals.map((one) => ({ ...one, atSeconds: one.atSeconds / factor }));
  return { ...trace, arrivals };
}

/** The trace's times are multiples of some 3 s; this spreads the requests of each over the time until the next. */
export function spread(trace: Trace, overSeconds: number): Trace {
  const chance = createChance(7);
  const arrivals = trace.arrivals
    .map((one) => ({ ...one, atSeconds: one.atSeconds + chance() * overSeconds }))
    .toSorted((a, b) => a.atSeconds - b.atSeconds);
  return { ...trace, arrivals };
}

const groups = 60;
const groupBlocks = 8;
const requestsCount = 8000;
const turnsMax = 8;
const offered = 1.3;

interface Session {
  blocks: number[];
  turns: number;
}

/**
 * Sessions of up to eight turns about one of 60 documents of 4,096 tokens, the documents' popularity after Zipf. Each
 * turn repeats all before it and adds one to twelve blocks; some time passes between turns because 120 sessions take
 * theirs in random order. Poisson arrivals at 1.3 times what 8 replicas at 8,000 tokens/s could read without a cache.
 */
export function makeSharedPrefixes(tokensPerSecond: number): Trace {
  const chance = createChance(11);
  const tokensPerBlock = 512;
  let name = groups * groupBlocks;
  const weights = Array.from({ length: groups }, (_, at) => 1 / (at + 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  const pickGroup = (): number => {
    let left = chance() * sum;
    return Math.max(
      0,
      weights.findIndex((weight) => (left -= weight) < 0),
    );
  };
  const begin = (): Session => {
    const group = pickGroup();
    return { blocks: Array.from({ length: groupBlocks }, (_, at) => group * groupBlocks + at), turns: 0 };
  };
  const sessions = Array.from({ length: 120 }, begin);
  const blockLists = Array.from({ length: requestsCount }, () => {
    const at = Math.floor(chance() * sessions.length);
    let session = sessions[at] ?? begin();
    if (session.turns >= turnsMax || chance() < 0.25) session = begin();
    sessions[at] = session;
    session.turns += 1;
    for (let more = 1 + Math.floor(chance() * 12); more > 0; more--) session.blocks.push((name += 1));
    return [...session.blocks];
  });
  const tokens = blockLists.reduce((all, blocks) => all + blocks.length * tokensPerBlock, 0);
  const meanGap = tokens / (offered * tokensPerSecond) / requestsCount;
  let clock = 0;
  const arrivals = blockLists.map((blocks): Arrival => {
    clock += -Math.log(1 - chance()) * meanGap;
    return {
      atSeconds: clock,
      inputTokens: blocks.length * tokensPerBlock,
      blocks: Uint32Array.from(blocks, nameOf),
    };
  });
  return { name: 'shared prefixes', arrivals, tokensPerBlock };
}
