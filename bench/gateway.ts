/**
 * What the gateway costs: CPU time per request and per streamed chunk, requests per second on one core, and added
 * latency, beside other gateways and none, interleaved in one run; then a thousand streams at once, and memory over a
 * million requests.
 *
 *     npm run bench:gateway -- [--rounds 5] [--seconds 2.5] [--peers relay,nginx]
 */
import { parseArgs } from 'node:util';
import { cache } from './harness/cache.ts';
import { askForPriority, cores, freePort, startProgram } from './harness/process.ts';
import { printResult, printTable } from './harness/result.ts';
import { writeBodies } from './gateway/bodies.ts';
import { compilePrograms } from './gateway/compile.ts';
import {
  figuresOf,
  resultOf,
  tableOf,
  workloadNames,
  type Samples,
  type Workload,
} from './gateway/figures.ts';
import type { Load } from './gateway/load.ts';
import { manyPaceMs, manyStreams, measureManyStreams } from './gateway/many-streams.ts';
import { measure } from './gateway/measure.ts';
import { measureMemory, memoryResult } from './gateway/memory.ts';
import { millrace } from './gateway/millrace.ts';
import type { Gateway, Peer } from './gateway/peer.ts';
import { otherPeers } from './gateway/peers.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2.5' },
    peers: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);

/** Below what the slowest of those compared can do, so that it shows the way through and not a queue. */
const latencyRate = 250;
const streams = 64;
const paceMs = 5;

const bodies = writeBodies(paceMs, manyPaceMs);
const workloads = {
  small: { connections: 32, seconds, rate: 0, bodyPath: bodies.small },
  large: { connections: 32, seconds, rate: 0, bodyPath: bodies.large },
  stream: { connections: streams, seconds, rate: 0, bodyPath: bodies.stream },
  latency: { connections: 32, seconds, rate: latencyRate, bodyPath: bodies.small },
} satisfies Record<Workload, Omit<Load, 'port' | 'headers'>>;

interface Contender {
  readonly name: string;
  readonly gateway: Gateway;
  readonly samples: Samples;
}

async function startAll(peers: readonly Peer[], upstreamPort: number): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const peer of peers) {
    const { name } = peer;
    const gateway = await peer.start(upstreamPort);
    if (typeof gateway === 'string') {
      console.log(`${name} is left out: ${gateway}.`);
      continue;
    }
    contenders.push({ name, gateway, samples: { small: [], large: [], stream: [], latency: [] } });
  }
  return contenders;
}

/** Just-in-time compilers take tens of thousands of requests: so many, until the cost stops falling, at most 16 s. */
async function warmUp(contenders: readonly Contender[]): Promise<void> {
  for (const { gateway } of contenders) {
    for (const workload of [workloads.stream, workloads.large])
      await measure(gateway, { ...workload, seconds: 2 });
    let [best, done] = [Infinity, 0];
    for (let bursts = 0, idle = 0; bursts < 8 && (idle < 2 || done < 30_000); bursts += 1) {
      const { cpuUs = 0, report } = await measure(gateway, { ...workloads.small, seconds: 2 });
      const cost = cpuUs / report.done;
      idle = cost < best * 0.95 ? 0 : idle + 1;
      best = Math.min(best, cost);
      done += report.done;
    }
  }
}

async function runRounds(contenders: readonly Contender[]): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    for (const workload of workloadNames)
      for (const { gateway, samples } of contenders)
        samples[workload].push(await measure(gateway, workloads[workload]));
    console.log(`round ${round} of ${rounds} done`);
  }
}

const obstacle = compilePrograms();
if (obstacle !== undefined) {
  console.error(obstacle);
  process.exit(1);
}
askForPriority();
const wanted = options.peers?.split(',');
const peers = [...otherPeers, millrace].filter(
  ({ name }) => !wanted || wanted.includes(name) || name === 'direct',
);
const upstreamPort = await freePort();
const upstream = await startProgram({
  command: `${cache}/upstream`,
  args: [String(upstreamPort)],
  core: cores.load,
  port: upstreamPort,
  logPath: `${cache}/upstream.log`,
});
const contenders = await startAll(peers, upstreamPort);
await warmUp(contenders);
await runRounds(contenders);
const figures = new Map(contenders.map(({ name, samples }) => [name, figuresOf(samples)]));
console.log(
  `\nMedians of ${rounds} rounds of ${seconds} s; gateways pinned to one core; ${workloads.small.connections} connections, ` +
    `1 KB requests; ${streams} streams of a chunk every ${paceMs} ms; latency at ${latencyRate} requests/s.\n`,
);
printTable(tableOf(figures));

/** Portkey is left out: it cannot carry as many. */
await contenders.find(({ name }) => name === 'portkey')?.gateway.stop();
const carriers = new Map(
  contenders.filter(({ name }) => name !== 'portkey').map(({ name, gateway }) => [name, gateway]),
);
const many = await measureManyStreams(carriers, bodies.many, rounds);
console.log(`\n${manyStreams} streams of a chunk every ${manyPaceMs} ms:\n`);
printTable([
  ['', 'chunks/s', 'CPU µs/chunk', 'delay p50 µs', 'p99 µs'],
  ...[...many].map(([name, { chunksPerS, cpuUsPerChunk, p50Us, p99Us }]) => [
    name,
    chunksPerS.toFixed(0),
    cpuUsPerChunk.toFixed(1),
    p50Us.toFixed(0),
    p99Us.toFixed(0),
  ]),
]);
const own = contenders.find(({ name }) => name === 'millrace')?.gateway;
const { pid, inspectPort } = own ?? {};
const memory =
  own === undefined || pid === undefined || inspectPort === undefined
    ? undefined
    : await measureMemory({ ...own, pid, inspectPort }, workloads.small);
if (memory !== undefined) {
  const { requests, early, late } = memory;
  console.log(
    `\nOver ${requests} requests: resident at most ${early.residentMib.toFixed(0)} MiB in the first fifth, ` +
      `${late.residentMib.toFixed(0)} MiB in the last; live heap when all was collected ${early.liveMib.toFixed(1)} and ` +
      `${late.liveMib.toFixed(1)} MiB.\n`,
  );
}
for (const { gateway } of contenders) await gateway.stop();
await upstream.stop();
/** What a way through adds; less than nothing is the noise of the machine. */
const addedMs = (name: string): number => {
  const [through, direct] = [many.get(name)?.p99Us, many.get('direct')?.p99Us];
  return through === undefined || direct === undefined ? Number.NaN : Math.max(0, through - direct) / 1000;
};
printResult({
  ...resultOf(figures),
  streams_1000_added_p99_ms: addedMs('millrace'),
  streams_1000_relay_added_p99_ms: addedMs('relay'),
  streams_1000_cpu_us_per_chunk: many.get('millrace')?.cpuUsPerChunk,
  ...(memory === undefined ? {} : memoryResult(memory)),
});
process.exit(0);
