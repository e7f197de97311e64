import type { ScaleInput } from '#policies';
import { replicaRatePerS, stepMs } from './traces.ts';

export interface FluidResult {
  /** Replica-steps that were paid, starts included. */
  readonly paid: number;
  /** Share of the requests that waited no longer than allowed. */
  readonly attained: number;
  /** Starts and stops. */
  readonly churn: number;
}

export interface FluidOptions {
  readonly coldStartMs: number;
  /** A request that waits longer is late. */
  readonly waitMs: number;
}

/** Anything that decides like a scaling policy. */
export interface Decider {
  decide(input: ScaleInput): { readonly replicas: number };
}

/** Share of a step in which a queue that goes straight from `from` to `to` is longer than `most`. */
function shareAbove(from: number, to: number, most: number): number {
  if (from > most && to > most) return 1;
  if (from <= most && to <= most) return 0;
  return (Math.max(from, to) - most) / Math.abs(to - from);
}

/** Replicas with their starts: those that were ordered become ready one cold start later. */
function createOrders(coldSteps: number, first: number) {
  let ready = first;
  /** By the step at which they become ready, oldest first. */
  const pending: { readonly atStep: number; count: number }[] = [];
  let pendingCount = 0;
  let churn = 0;
  return {
    ready: () => ready,
    paid: () => ready + pendingCount,
    churn: () => churn,
    arrive(step: number) {
      while (pending[0] !== undefined && pending[0].atStep <= step) {
        const { count } = pending.shift() ?? { count: 0 };
        ready += count;
        pendingCount -= count;
      }
    },
    want(wanted: number, step: number) {
      let change = wanted - ready - pendingCount;
      churn += Math.abs(change);
      if (change > 0) {
        pending.push({ atStep: step + coldSteps, count: change });
        pendingCount += change;
      }
      // What is not ready yet goes first, the youngest before the older.
      while (change < 0 && pendingCount > 0) {
        const youngest = pending.at(-1);
        if (youngest === undefined) break;
        const gone = Math.min(-change, youngest.count);
        youngest.count -= gone;
        pendingCount -= gone;
        change += gone;
        if (youngest.count === 0) pending.pop();
      }
      if (change < 0) ready += change;
    },
  };
}

/** Requests as a fluid: served at the rate of the ready replicas, the rest waits in one queue. */
export function runFluid(rates: Float64Array, decider: Decider, options: FluidOptions): FluidResult {
  const stepS = stepMs / 1000;
  const waitS = options.waitMs / 1000;
  const first = Math.ceil(((rates[0] ?? 0) / replicaRatePerS) * 1.2);
  const orders = createOrders(Math.ceil(options.coldStartMs / stepMs), first);
  let [queue, wanted, paid, late, all] = [0, first, 0, 0, 0];
  for (const [step, rate] of rates.entries()) {
    orders.arrive(step);
    const ready = orders.ready();
    const capacity = ready * replicaRatePerS;
    const after = Math.max(0, queue + (rate - capacity) * stepS);
    const lateShare = capacity === 0 ? 1 : shareAbove(queue, after, capacity * waitS);
    const served = rate * stepS + queue - after;
    queue = after;
    paid += orders.paid();
    late += lateShare * rate * stepS;
    all += rate * stepS;
    const load = {
      offered: rate / replicaRatePerS,
      backlog: queue / replicaRatePerS,
      occupied: served / stepS / replicaRatePerS + queue / replicaRatePerS,
      utilisation: capacity === 0 ? 0 : served / (capacity * stepS),
      latencyMs: 100 + (capacity === 0 ? waitS * 10_000 : (queue / capacity) * 1000),
      due: { count: rate * stepS, late: lateShare * rate * stepS },
    };
    const input = {
      nowMs: (step + 1) * stepMs,
      wanted,
      ready,
      coldStartMs: options.coldStartMs,
      load,
    };
    wanted = decider.decide(input).replicas;
    orders.want(wanted, step + 1);
  }
  return { paid, attained: 1 - late / all, churn: orders.churn() };
}

/** Replicas that are needed at each step, were they there at once: the limit that nothing gets below. */
export function needOf(rates: Float64Array): Float64Array {
  return rates.map((rate) => Math.ceil(rate / replicaRatePerS - 1e-9));
}

/**
 * What it costs with cold starts when the future is known: the k-th replica is kept through every gap in which it is
 * not needed and that is shorter than a start, and started anew after a longer one.
 */
export function clairvoyantCost(rates: Float64Array, coldStartMs: number): number {
  const need = needOf(rates);
  const coldSteps = Math.ceil(coldStartMs / stepMs);
  const lastNeeded: number[] = [];
  let [paid, before] = [0, 0];
  for (const [step, count] of need.entries()) {
    for (let replica = before; replica < count; replica++) {
      const gap = step - (lastNeeded[replica] ?? -coldSteps) - (lastNeeded[replica] === undefined ? 0 : 1);
      paid += Math.min(gap, coldSteps);
    }
    for (let replica = 0; replica < count; replica++) lastNeeded[replica] = step;
    paid += count;
    before = count;
  }
  return paid;
}
