import type { Policy } from '../policy.ts';

/** A node as placement sees it. */
export interface Seat {
  /** How much it can carry beside others; above 0. */
  readonly weight: number;
  /** Replicas of all deployments that live there. */
  readonly replicas: number;
  /** Those of the deployment that is to be placed. */
  readonly own: number;
}

export interface PlaceInput {
  readonly seats: readonly Seat[];
  readonly count: number;
}

/** Less is better: copies of one model apart from each other first, then the emptiest node. */
function isBetter(one: Seat, other: Seat): boolean {
  const [own, its] = [(one.own + 1) / one.weight, (other.own + 1) / other.weight];
  if (own !== its) return own < its;
  return (one.replicas + 1) / one.weight < (other.replicas + 1) / other.weight;
}

function best(seats: readonly Seat[]): number {
  let found = 0;
  for (const [at, seat] of seats.entries()) {
    const before = seats[found];
    if (before !== undefined && isBetter(seat, before)) found = at;
  }
  return found;
}

/**
 * Where replicas go: each to the node that would have the fewest of the deployment for its weight, then the fewest of
 * all. The loss of a node so takes as few copies of one model as can be. Decides indices of seats, none without seats.
 */
export const spread: Policy<PlaceInput, undefined, readonly number[]> = {
  name: 'spread',
  begin: () => undefined,
  decide({ seats, count }) {
    const now = [...seats];
    const decision: number[] = [];
    while (now.length > 0 && decision.length < count) {
      const at = best(now);
      const seat = now[at];
      if (seat !== undefined) now[at] = { ...seat, own: seat.own + 1, replicas: seat.replicas + 1 };
      decision.push(at);
    }
    const code = now.length === 0 ? 'no-node' : 'fewest-for-weight';
    return { decision, memory: undefined, reason: { code, facts: { nodes: seats.length, count } } };
  },
};
