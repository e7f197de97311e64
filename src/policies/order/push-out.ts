import { priorities } from '#schema';
import type { Band, Entry } from './entry.ts';
import type { FairOrder, Owner } from './fair-order.ts';
import type { Flow } from './flow.ts';
import type { Level } from './level.ts';

function mostLoaded<F extends Flow>({ heap }: Level<F>): F | undefined {
  let most: F | undefined;
  for (const flow of heap)
    if (most === undefined || flow.backlog / flow.weight > most.backlog / most.weight) most = flow;
  return most;
}

function lastOf<T>({ tenants }: Band<T>): Entry<T> | undefined {
  const tenant = mostLoaded(tenants);
  return tenant && mostLoaded(tenant.keys)?.last;
}

/**
 * Who should make room for a request of this owner when there is none: the last request of the least urgent band, or
 * of whoever of its own band holds more than it would. Undefined: nobody should. O(flows), and only when all is full.
 */
export function peekLeast<T>({ bands }: FairOrder<T>, owner: Owner, cost: number): Entry<T> | undefined {
  for (const priority of priorities.toReversed()) {
    const last = lastOf(bands[priority]);
    if (priority !== owner.priority) {
      if (last !== undefined) return last;
      continue;
    }
    const mine = bands[priority].tenants.flows.get(owner.tenant)?.backlog ?? 0;
    const most = last?.key.tenant;
    const holdsMore = most !== undefined && most.backlog / most.weight > (mine + cost) / owner.tenantWeight;
    return holdsMore && most.name !== owner.tenant ? last : undefined;
  }
  return undefined;
}
