/** Replicas that were ordered and are not ready yet. */
interface Order {
  readonly readyAtMs: number;
  readonly count: number;
}

/**
 * A deployment as a fluid: replicas with their starts, and one queue that they work off. Loads are in replicas, work is
 * in replica-milliseconds. What scaling policies are compared in, on recorded loads and beside the live ones.
 */
export interface FluidFleet {
  readonly ready: number;
  /** The youngest last. */
  readonly orders: readonly Order[];
  readonly ordered: number;
  readonly queueMs: number;
  /** What was paid so far, starts included. */
  readonly paidMs: number;
  /** Work that came, and of that what waited longer than allowed. */
  readonly workMs: number;
  readonly lateMs: number;
  /** Starts and stops. */
  readonly changes: number;
}

export function fluidFleet(ready: number): FluidFleet {
  return { ready, orders: [], ordered: 0, queueMs: 0, paidMs: 0, workMs: 0, lateMs: 0, changes: 0 };
}

export interface Passed {
  readonly nowMs: number;
  readonly elapsedMs: number;
  /** Replicas' worth of work that came in that time. */
  readonly offered: number;
  /** What waits longer is late. */
  readonly waitMs: number;
}

/** Share of a time in which a queue that goes straight from `from` to `to` is longer than `most`. */
function shareAbove(from: number, to: number, most: number): number {
  if (from > most && to > most) return 1;
  if (from <= most && to <= most) return 0;
  return (Math.max(from, to) - most) / Math.abs(to - from);
}

function arrived(fleet: FluidFleet, nowMs: number): FluidFleet {
  let [due, ready] = [0, fleet.ready];
  for (const { readyAtMs, count } of fleet.orders) {
    if (readyAtMs > nowMs) break;
    due += 1;
    ready += count;
  }
  if (due === 0) return fleet;
  return { ...fleet, ready, ordered: fleet.ordered - (ready - fleet.ready), orders: fleet.orders.slice(due) };
}

/** Time has passed until now: who was ready at its beginning has worked in it. */
export function passTime(before: FluidFleet, { nowMs, elapsedMs, offered, waitMs }: Passed): FluidFleet {
  const fleet = arrived(before, nowMs - elapsedMs);
  const queueMs = Math.max(0, fleet.queueMs + (offered - fleet.ready) * elapsedMs);
  const late = fleet.ready === 0 ? 1 : shareAbove(fleet.queueMs, queueMs, fleet.ready * waitMs);
  const workMs = offered * elapsedMs;
  return {
    ...fleet,
    queueMs,
    paidMs: fleet.paidMs + (fleet.ready + fleet.ordered) * elapsedMs,
    workMs: fleet.workMs + workMs,
    lateMs: fleet.lateMs + late * workMs,
  };
}

/** So many more: ready after a start. So many less: what is not ready yet goes first, the youngest before the older. */
export function orderReplicas(fleet: FluidFleet, wanted: number, readyAtMs: number): FluidFleet {
  const change = wanted - fleet.ready - fleet.ordered;
  if (change === 0) return fleet;
  const changes = fleet.changes + Math.abs(change);
  if (change > 0) {
    const orders = [...fleet.orders, { readyAtMs, count: change }];
    return { ...fleet, changes, orders, ordered: fleet.ordered + change };
  }
  let less = -change;
  const orders: Order[] = [];
  for (const order of fleet.orders.toReversed()) {
    const gone = Math.min(less, order.count);
    less -= gone;
    if (order.count > gone) orders.unshift({ ...order, count: order.count - gone });
  }
  const ordered = fleet.ordered + change + less;
  return { ...fleet, changes, orders, ordered, ready: fleet.ready - less };
}
