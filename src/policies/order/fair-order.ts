import { priorities, type Priority } from '#schema';
import {
  appendEntry,
  createBand,
  createKeyFlow,
  createTenantFlow,
  prependEntry,
  unlinkEntry,
  type Band,
  type Entry,
  type KeyFlow,
  type TenantFlow,
} from './entry.ts';
import { addWork, charge, correct, flowOf, goFirst, removeWork, setWeight, startOver } from './level.ts';

/** Whose a request is, and what it weighs beside others. */
export interface Owner {
  readonly priority: Priority;
  readonly tenant: string;
  readonly key: string;
  readonly tenantWeight: number;
  readonly keyWeight: number;
}

/** Everything that waits for one deployment, in the order in which it should go. Changed in place, by what is below. */
export interface FairOrder<T> {
  readonly bands: Readonly<Record<Priority, Band<T>>>;
  waiting: number;
  /** Sent through the order and not yet over. */
  sent: number;
}

/**
 * Of the work that more urgent bands are sent, so much is then owed to a band that waits: strict priority would let
 * it starve for as long as they keep all places busy.
 */
const owedShare: Readonly<Record<Priority, number>> = { critical: 0, standard: 0.1, batch: 0.05 };

export function createFairOrder<T>(): FairOrder<T> {
  const bands = { critical: createBand<T>(), standard: createBand<T>(), batch: createBand<T>() };
  return { bands, waiting: 0, sent: 0 };
}

function keyFlowOf<T>(order: FairOrder<T>, owner: Owner): KeyFlow<T> {
  const band = order.bands[owner.priority];
  const tenant = flowOf<TenantFlow<T>>(band.tenants, owner.tenant, (name) => createTenantFlow(band, name));
  if (tenant.weight !== owner.tenantWeight) setWeight(band.tenants, tenant, owner.tenantWeight);
  const key = flowOf<KeyFlow<T>>(tenant.keys, owner.key, (name) => createKeyFlow(tenant, name));
  if (key.weight !== owner.keyWeight) setWeight(tenant.keys, key, owner.keyWeight);
  return key;
}

function beginWaiting<T>(order: FairOrder<T>, { key, cost }: Entry<T>): void {
  addWork(key.tenant.keys, key, cost);
  addWork(key.tenant.band.tenants, key.tenant, cost);
  order.waiting += 1;
}

function endWaiting<T>(order: FairOrder<T>, { key, cost }: Entry<T>): void {
  removeWork(key.tenant.keys, key, cost);
  removeWork(key.tenant.band.tenants, key.tenant, cost);
  if (key.tenant.band.tenants.waiting === 0) key.tenant.band.owed = 0;
  order.waiting -= 1;
}

/** A request begins to wait, behind what its key has waiting already. O(log n). */
export function enqueue<T>(
  order: FairOrder<T>,
  owner: Owner,
  { item, cost }: { readonly item: T; readonly cost: number },
): Entry<T> {
  const entry = appendEntry({ item, cost, key: keyFlowOf(order, owner) });
  beginWaiting(order, entry);
  return entry;
}

/** As `enqueue`, but before what its key has waiting: it was sent in vain without ever having waited. */
export function enqueueFirst<T>(
  order: FairOrder<T>,
  owner: Owner,
  { item, cost }: { readonly item: T; readonly cost: number },
): Entry<T> {
  const entry: Entry<T> = {
    item,
    cost,
    key: keyFlowOf(order, owner),
    waits: true,
    before: undefined,
    after: undefined,
  };
  prependEntry(entry);
  beginWaiting(order, entry);
  return entry;
}

function headOf<T>(band: Band<T>): Entry<T> | undefined {
  return band.tenants.heap[0]?.keys.heap[0]?.first;
}

/** Who goes next: the most urgent band, unless a less urgent one is owed as much as its first request costs. O(1). */
export function peekNext<T>({ bands }: FairOrder<T>): Entry<T> | undefined {
  let urgent: Entry<T> | undefined;
  for (const priority of priorities) {
    const band = bands[priority];
    const head = headOf(band);
    if (head === undefined) continue;
    if (band.owed >= head.cost) return head;
    urgent ??= head;
  }
  return urgent;
}

function settleBands<T>({ bands }: FairOrder<T>, { key, cost }: Entry<T>): void {
  const { band } = key.tenant;
  band.owed = Math.max(0, band.owed - cost);
  let isBelow = false;
  for (const priority of priorities) {
    const other = bands[priority];
    if (isBelow && other.tenants.waiting > 0) other.owed += cost * owedShare[priority];
    if (other === band) isBelow = true;
  }
}

/** It is sent: its flows are charged what it should cost. O(log n). */
export function serve<T>(order: FairOrder<T>, entry: Entry<T>): void {
  const { key, cost } = entry;
  endWaiting(order, entry);
  unlinkEntry(entry);
  charge(key.tenant.keys, key, cost);
  charge(key.tenant.band.tenants, key.tenant, cost);
  settleBands(order, entry);
  order.sent += 1;
}

/** It waits no longer and was never sent: it costs nothing. O(log n). */
export function withdraw<T>(order: FairOrder<T>, entry: Entry<T>): void {
  endWaiting(order, entry);
  unlinkEntry(entry);
  startOverWhenIdle(order);
}

/** It was sent in vain and waits again, before all else of its key. O(log n). */
export function putBack<T>(order: FairOrder<T>, entry: Entry<T>): void {
  const { key, cost } = entry;
  order.sent -= 1;
  correct(key.tenant.keys, key, -cost);
  correct(key.tenant.band.tenants, key.tenant, -cost);
  prependEntry(entry);
  beginWaiting(order, entry);
  goFirst(key.tenant.keys, key);
  goFirst(key.tenant.band.tenants, key.tenant);
}

/** What was sent is over: its flows are charged what it really cost instead of what was expected. O(log n). */
export function complete<T>(order: FairOrder<T>, entry: Entry<T>, costWas: number): void {
  const { key, cost } = entry;
  order.sent -= 1;
  correct(key.tenant.keys, key, costWas - cost);
  correct(key.tenant.band.tenants, key.tenant, costWas - cost);
  startOverWhenIdle(order);
}

function startOverWhenIdle<T>(order: FairOrder<T>): void {
  if (order.waiting > 0 || order.sent > 0) return;
  for (const priority of priorities) startOver(order.bands[priority].tenants);
}
