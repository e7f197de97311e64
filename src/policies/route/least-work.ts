import type { Policy, Reason } from '../policy.ts';

export interface RouteCandidate {
  readonly id: string;
  /** Requests it works on now, as far as the sender knows. */
  readonly inFlight: number;
  /** Requests it works on at once; what is beyond waits here, where it can still go elsewhere. */
  readonly concurrency: number;
}

export interface LeastWorkInput {
  readonly nowMs: number;
  /** The ready replicas, without those that have already failed this request. */
  readonly replicas: readonly RouteCandidate[];
}

const picked: Reason = { code: 'least-loaded' };
const full: Reason = { code: 'all-replicas-full' };
const empty: Reason = { code: 'no-ready-replica' };

/**
 * The candidate that is least loaded after taking the request, relative to its concurrency; the first one from
 * `turn` on among equals. Products instead of quotients: no rounding, so equal loads are equal.
 */
function leastLoaded(replicas: readonly RouteCandidate[], turn: number): RouteCandidate | undefined {
  const count = replicas.length;
  let best: RouteCandidate | undefined;
  for (let step = 0; step < count; step++) {
    const candidate = replicas[(turn + step) % count];
    if (candidate === undefined || candidate.inFlight >= candidate.concurrency) continue;
    const better =
      best === undefined ||
      (candidate.inFlight + 1) * best.concurrency < (best.inFlight + 1) * candidate.concurrency;
    if (better) best = candidate;
  }
  return best;
}

/**
 * Weighted least requests in flight. The decision is a replica's id, or `undefined` when none has room.
 * The memory is a counter that rotates the order in which equals are taken, so that an idle fleet is used evenly.
 * O(replicas); the outcome is the only thing it allocates.
 */
export const leastWork: Policy<LeastWorkInput, number, string | undefined> = {
  name: 'least-work',
  begin: () => 0,
  decide({ replicas }, turn) {
    const best = leastLoaded(replicas, turn);
    if (best === undefined)
      return { decision: undefined, memory: turn, reason: replicas.length === 0 ? empty : full };
    return { decision: best.id, memory: (turn + 1) % 0x40000000, reason: picked };
  },
};
