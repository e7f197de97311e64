import type { ScaleInput } from '#policies';
import { fluidFleet, orderReplicas, passTime } from '../../src/policies/scale/fluid-fleet.ts';
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

/** Requests as a fluid: served at the rate of the ready replicas, the rest waits in one queue. */
export function runFluid(rates: Float64Array, decider: Decider, options: FluidOptions): FluidResult {
  const { coldStartMs, waitMs } = options;
  const first = Math.ceil(((rates[0] ?? 0) / replicaRatePerS) * 1.2);
  let [fleet, wanted] = [fluidFleet(first), first];
  for (const [step, rate] of rates.entries()) {
    const nowMs = (step + 1) * stepMs;
    const offered = rate / replicaRatePerS;
    const before = fleet;
    fleet = passTime(before, { nowMs, elapsedMs: stepMs, offered, waitMs });
    const served = offered + (before.queueMs - fleet.queueMs) / stepMs;
    const { ready } = fleet;
    const load = {
      offered,
      backlog: fleet.queueMs / 1000,
      occupied: served + fleet.queueMs / 1000,
      utilisation: ready === 0 ? 0 : served / ready,
      latencyMs: 100 + (ready === 0 ? waitMs * 10_000 : fleet.queueMs / ready),
      due: { count: offered * stepMs, late: fleet.lateMs - before.lateMs },
    };
    wanted = decider.decide({ nowMs, wanted, ready, coldStartMs, load }).replicas;
    fleet = orderReplicas(fleet, wanted, nowMs + coldStartMs);
  }
  return {
    paid: fleet.paidMs / stepMs,
    attained: 1 - fleet.lateMs / fleet.workMs,
    churn: fleet.changes,
  };
}

/** Replicas that are needed at each step, were they there at once: the limit that nothing gets below. */
export function needOf(rates: Float64Array): Float64Array {
  return rates.map((rate) => Math.ceil(rate / replicaRatePerS - 1e-9));
}

export interface KnownFuture {
  readonly coldStartMs: number;
  /** What is needed again within this time is kept. As long as a start is cheapest; longer takes fewer starts. */
  readonly keepMs: number;
}

/**
 * What it costs with cold starts when the future is known: the k-th replica is kept through every gap in which it is
 * not needed and that is no longer than `keepMs`, and started anew after a longer one.
 */
export function clairvoyantCost(
  rates: Float64Array,
  { coldStartMs, keepMs }: KnownFuture,
): { readonly paid: number; readonly changes: number } {
  const need = needOf(rates);
  const coldSteps = Math.ceil(coldStartMs / stepMs);
  const keepSteps = Math.max(coldSteps, Math.ceil(keepMs / stepMs));
  const lastNeeded: number[] = [];
  let [paid, changes, before] = [0, 0, 0];
  for (const [step, count] of need.entries()) {
    for (let replica = before; replica < count; replica++) {
      const last = lastNeeded[replica];
      const gap = last === undefined ? Infinity : step - last - 1;
      const anew = gap > keepSteps;
      paid += anew ? coldSteps : gap;
      if (anew) changes += last === undefined ? 1 : 2;
    }
    for (let replica = 0; replica < count; replica++) lastNeeded[replica] = step;
    paid += count;
    before = count;
  }
  return { paid, changes };
}
