import { priorities } from '#schema';
import type { FairOrder, Owner } from './fair-order.ts';
import { workAhead } from './level.ts';

/** What a newcomer finds before it. */
export interface Ahead {
  /** Work that goes first, in the units of cost. */
  readonly work: number;
  /** Whether its own tenant has, beside others, its share of what waits: then it waits for itself. */
  readonly own: boolean;
}

function moreUrgent<T>({ bands }: FairOrder<T>, { priority }: Owner): number {
  let work = 0;
  for (const other of priorities) {
    if (other === priority) break;
    work += bands[other].tenants.backlog;
  }
  return work;
}

/** What goes before a request of this owner that came now: all that is more urgent, and the fair share of its band. O(1). */
export function lookAhead<T>(order: FairOrder<T>, owner: Owner): Ahead {
  const urgent = moreUrgent(order, owner);
  const { tenants } = order.bands[owner.priority];
  const tenant = tenants.flows.get(owner.tenant);
  if (tenant === undefined) return { work: urgent + workAhead(tenants, undefined, 0), own: false };
  const key = tenant.keys.flows.get(owner.key);
  const ofTenant = workAhead(tenant.keys, key, key?.backlog ?? 0);
  return {
    work: urgent + workAhead(tenants, tenant, ofTenant),
    own: tenants.heap.length > 1 && tenant.backlog * tenants.weight >= tenants.backlog * tenant.weight,
  };
}
