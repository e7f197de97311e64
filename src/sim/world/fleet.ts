import type { Clock } from '#contracts';
import type { ReplicaModel } from '../engine/replica-model.ts';

/** The engines that run, by endpoint, and the account of what they cost: whoever starts and stops them. */
export interface Fleet {
  modelAt(endpoint: string): ReplicaModel | undefined;
  /** It runs from now on, and is paid for. */
  add(endpoint: string, model: ReplicaModel): void;
  /** It is gone, with everything it worked on. */
  remove(endpoint: string): void;
  /** In whatever state: what is paid for. */
  paid(): number;
  /** Replicas that requests can be sent to. */
  ready(): number;
  setReady(replicas: number): void;
  /** Time that replicas have existed, and that they have computed. */
  paidMs(): number;
  busyMs(): number;
  /** Requests inside all of them. */
  inside(): number;
  /** Starts and stops so far. */
  changes(): number;
  countChange(): void;
}

interface Member {
  readonly model: ReplicaModel;
  readonly sinceMs: number;
}

export interface FleetDeps {
  readonly clock: Clock;
  /** A replica ends with everything that is on its way to it. */
  readonly died: (endpoint: string) => void;
}

export function createFleet({ clock, died }: FleetDeps): Fleet {
  const members = new Map<string, Member>();
  const gone = { paidMs: 0, busyMs: 0 };
  let changes = 0;
  let ready = 0;

  function sum(of: (member: Member) => number): number {
    let total = 0;
    for (const member of members.values()) total += of(member);
    return total;
  }
  const ageMs = ({ sinceMs }: Member): number => clock.monotonicMs() - sinceMs;

  return {
    modelAt: (endpoint) => members.get(endpoint)?.model,
    add(endpoint, model) {
      members.set(endpoint, { model, sinceMs: clock.monotonicMs() });
    },
    remove(endpoint) {
      const member = members.get(endpoint);
      if (member === undefined) return;
      members.delete(endpoint);
      member.model.kill();
      gone.paidMs += ageMs(member);
      gone.busyMs += member.model.busyMs();
      died(endpoint);
    },
    paid: () => members.size,
    ready: () => ready,
    setReady(replicas) {
      ready = replicas;
    },
    paidMs: () => gone.paidMs + sum(ageMs),
    busyMs: () => gone.busyMs + sum(({ model }) => model.busyMs()),
    inside: () => sum(({ model }) => model.inside()),
    changes: () => changes,
    countChange() {
      changes += 1;
    },
  };
}
