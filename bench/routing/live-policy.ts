import { performance } from 'node:perf_hooks';
import { leastTtft, type RouteReplica, type RouteRequest } from '#policies';
import { queueSeconds } from './baselines.ts';
import type { Fleet } from './fleet.ts';
import type { Arrival } from './trace.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Waiting extends Writable<RouteRequest> {
  readonly arrival: Arrival;
}

function wait(arrival: Arrival, seed: number, tokensPerBlock: number): Waiting {
  const { inputTokens, blocks } = arrival;
  return { arrival, seed, inputTokens, prefix: blocks, tokensPerBlock, waitedSeconds: 0 };
}

/**
 * Serves a trace with the policy that runs in the gateway: whenever a request comes or a replica has become free, it
 * decides about those that wait. `decided` hears how long each decision took, in microseconds: the shortest of three
 * times, since other programs interrupt.
 */
export function serveWithPolicy(fleet: Fleet, decided?: (microseconds: number) => void): void {
  const { arrivals, tokensPerBlock } = fleet.trace;
  const replicas = fleet.replicas.map((replica): Writable<RouteReplica> => ({
    number: replica.index,
    freeInSeconds: 0,
    secondsPerToken: 1 / fleet.setup.tokensPerSecond,
    fixedSeconds: 0,
  }));
  let memory = leastTtft.begin();
  let waiting: Waiting[] = [];
  let next = 0;
  let clock = 0;

  function place(): boolean {
    for (const replica of fleet.replicas) {
      const seen = replicas[replica.index];
      if (seen !== undefined) seen.freeInSeconds = queueSeconds(replica, clock);
    }
    for (const one of waiting) one.waitedSeconds = clock - one.arrival.atSeconds;
    const input = { requests: waiting, replicas, prefixes: fleet.prefixes };
    let outcome = leastTtft.decide(input, memory);
    if (decided !== undefined) {
      let least = Infinity;
      for (let time = 0; time < 3; time++) {
        const began = performance.now();
        outcome = leastTtft.decide(input, outcome.memory);
        least = Math.min(least, performance.now() - began);
      }
      decided(least * 1000);
    }
    memory = outcome.memory;
    const { replicaOf } = outcome.decision;
    const left: Waiting[] = [];
    for (const [row, one] of waiting.entries()) {
      const replica = fleet.replicas[replicaOf[row] ?? -1];
      if (replica === undefined) left.push(one);
      else fleet.send(one.arrival, replica, clock);
    }
    const some = left.length < waiting.length;
    waiting = left;
    return some;
  }

  while (next < arrivals.length || waiting.length > 0) {
    const busy = fleet.replicas.map((one) => one.freeAtSeconds).filter((at) => at > clock);
    const arrives = arrivals[next]?.atSeconds ?? Infinity;
    clock = waiting.length > 0 ? Math.min(arrives, ...busy) : Math.max(clock, arrives);
    for (let one = arrivals[next]; one !== undefined && one.atSeconds <= clock; one = arrivals[next])
      waiting.push(wait(one, (next += 1), tokensPerBlock));
    while (waiting.length > 0 && place());
  }
}
