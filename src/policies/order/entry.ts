import { createFlow, type Flow } from './flow.ts';
import { createLevel, type Level } from './level.ts';

/** The requests of one key. What waits is a list from which any can be taken out at once. */
export interface KeyFlow<T> extends Flow {
  readonly tenant: TenantFlow<T>;
  first: Entry<T> | undefined;
  last: Entry<T> | undefined;
}

export interface TenantFlow<T> extends Flow {
  readonly band: Band<T>;
  readonly keys: Level<KeyFlow<T>>;
}

/** All requests of one priority. */
export interface Band<T> {
  readonly tenants: Level<TenantFlow<T>>;
  /** Work that more urgent bands owe this one, while something of it waits. */
  owed: number;
}

/** One request in the order, from when it begins to wait until it is over. */
export interface Entry<T> {
  readonly item: T;
  readonly key: KeyFlow<T>;
  /** In the units of the service curve: milliseconds of one place. */
  readonly cost: number;
  waits: boolean;
  before: Entry<T> | undefined;
  after: Entry<T> | undefined;
}

export function createBand<T>(): Band<T> {
  return { tenants: createLevel(), owed: 0 };
}

export function createTenantFlow<T>(band: Band<T>, name: string): TenantFlow<T> {
  return { ...createFlow(name), band, keys: createLevel() };
}

export function createKeyFlow<T>(tenant: TenantFlow<T>, name: string): KeyFlow<T> {
  return { ...createFlow(name), tenant, first: undefined, last: undefined };
}

export function appendEntry<T>({ item, key, cost }: Pick<Entry<T>, 'item' | 'key' | 'cost'>): Entry<T> {
  const entry: Entry<T> = { item, key, cost, waits: true, before: key.last, after: undefined };
  if (key.last === undefined) key.first = entry;
  else key.last.after = entry;
  key.last = entry;
  return entry;
}

export function prependEntry<T>(entry: Entry<T>): void {
  const { key } = entry;
  entry.waits = true;
  entry.before = undefined;
  entry.after = key.first;
  if (key.first === undefined) key.last = entry;
  else key.first.before = entry;
  key.first = entry;
}

export function unlinkEntry<T>(entry: Entry<T>): void {
  const { key, before, after } = entry;
  if (before === undefined) key.first = after;
  else before.after = after;
  if (after === undefined) key.last = before;
  else after.before = before;
  entry.waits = false;
  entry.before = undefined;
  entry.after = undefined;
}
