import type { Arrival } from './trace.ts';
import type { Fleet, FleetReplica } from './fleet.ts';
import { createChance } from '../harness/chance.ts';

/** Picks a replica for one request as it comes, as most routers do. */
export type Pick = (arrival: Arrival, fleet: Fleet) => FleetReplica;

/** A router is made anew for each run. */
export interface Baseline {
  readonly name: string;
  begin(): Pick;
}

export function queueSeconds(replica: FleetReplica, nowSeconds: number): number {
  return Math.max(0, replica.freeAtSeconds - nowSeconds);
}

/** Requests that have no first token yet. */
function waiting(replica: FleetReplica, nowSeconds: number): number {
  const { firstTokensAt } = replica;
  while (firstTokensAt.length > 0 && (firstTokensAt[0] ?? 0) <= nowSeconds) firstTokensAt.shift();
  return firstTokensAt.length;
}

function least(replicas: readonly FleetReplica[], cost: (replica: FleetReplica) => number): FleetReplica {
  let best = replicas[0];
  let bestCost = Infinity;
  for (const replica of replicas) {
    const now = cost(replica);
    if (now < bestCost) [best, bestCost] = [replica, now];
  }
  if (best === undefined) throw new Error('a fleet has at least one replica');
  return best;
}

function at(fleet: Fleet, index: number): FleetReplica {
  const replica = fleet.replicas[index % fleet.replicas.length];
  if (replica === undefined) throw new Error('a fleet has at least one replica');
  return replica;
}

/** Leading blocks that each replica is believed to hold. */
function heldBy(arrival: Arrival, fleet: Fleet): Int32Array {
  const held = new Int32Array(fleet.replicas.length);
  fleet.prefixes.match(arrival.blocks, held);
  return held;
}

function rendezvous(key: number, index: number): number {
  let mixed = Math.imul(key ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The hash of the prompt's first `blocks` blocks chooses the replica. */
function hashOf(blocks: number): Baseline {
  return {
    name: blocks === 1 ? 'hash of the first block' : `hash of the first ${blocks} blocks`,
    begin: () => (arrival, fleet) => {
      const key = arrival.blocks[Math.min(blocks, arrival.blocks.length) - 1] ?? 0;
      return least(fleet.replicas, (replica) => rendezvous(key, replica.index));
    },
  };
}

const loadFactor = 1.25;

/** Consistent hashing with bounded loads: the first replica in the hash's order that has at most 1.25 x the mean. */
const bounded: Baseline = {
  name: 'the same, bounded at 1.25 (CHWBL)',
  begin: () => (arrival, fleet) => {
    const key = arrival.blocks[Math.min(4, arrival.blocks.length) - 1] ?? 0;
    const total = fleet.replicas.reduce((sum, one) => sum + waiting(one, arrival.atSeconds), 0);
    const most = Math.ceil((loadFactor * (total + 1)) / fleet.replicas.length);
    const open = fleet.replicas.filter((one) => waiting(one, arrival.atSeconds) < most);
    return least(open, (replica) => rendezvous(key, replica.index));
  },
};

const stickySeconds = 2;
const warmShare = 0.8;

/** Stays with a warm replica until that is busy for `stickySeconds` longer than the least busy one. */
const sticky: Baseline = {
  name: `sticky, tau ${stickySeconds} s`,
  begin: () => (arrival, fleet) => {
    const queue = (replica: FleetReplica): number => queueSeconds(replica, arrival.atSeconds);
    const held = heldBy(arrival, fleet);
    const most = Math.max(...held);
    const shortest = Math.min(...fleet.replicas.map(queue));
    const warm = fleet.replicas.filter(
      (one) =>
        most > 1 && (held[one.index] ?? 0) >= warmShare * most && queue(one) - shortest <= stickySeconds,
    );
    return least(warm.length > 0 ? warm : fleet.replicas, queue);
  },
};

export const baselines: readonly Baseline[] = [
  {
    name: 'random',
    begin: () => {
      const chance = createChance(1);
      return (_, fleet) => at(fleet, Math.floor(chance() * fleet.replicas.length));
    },
  },
  {
    name: 'round-robin',
    begin: () => {
      let turn = -1;
      return (_, fleet) => at(fleet, (turn += 1));
    },
  },
  {
    name: 'power of two choices',
    begin: () => {
      const chance = createChance(2);
      return ({ atSeconds }, fleet) => {
        const one = at(fleet, Math.floor(chance() * fleet.replicas.length));
        const other = at(fleet, Math.floor(chance() * fleet.replicas.length));
        return waiting(one, atSeconds) <= waiting(other, atSeconds) ? one : other;
      };
    },
  },
  {
    name: 'least work',
    begin:
      () =>
      ({ atSeconds }, fleet) =>
        least(fleet.replicas, (replica) => queueSeconds(replica, atSeconds)),
  },
  hashOf(1),
  hashOf(4),
  bounded,
  sticky,
  {
    name: 'least TTFT, bound on arrival',
    begin: () => (arrival, fleet) => {
      const held = heldBy(arrival, fleet);
      const uncached = ({ index }: FleetReplica): number =>
        Math.max(0, arrival.inputTokens - (held[index] ?? 0) * fleet.trace.tokensPerBlock);
      return least(
        fleet.replicas,
        (one) => queueSeconds(one, arrival.atSeconds) + uncached(one) / fleet.setup.tokensPerSecond,
      );
    },
  },
];

/** Serves a trace with a router that binds every request as it comes. */
export function serveOnArrival(fleet: Fleet, pick: Pick): void {
  for (const arrival of fleet.trace.arrivals) fleet.send(arrival, pick(arrival, fleet), arrival.atSeconds);
}
