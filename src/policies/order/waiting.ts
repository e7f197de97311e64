import { priorities } from '#schema';
import type { KeyFlow } from './entry.ts';
import type { FairOrder } from './fair-order.ts';

function addItems<T>(list: T[], { first }: KeyFlow<T>): void {
  for (let entry = first; entry !== undefined; entry = entry.after) list.push(entry.item);
}

/** Everything that waits, in no particular order. O(waiting). */
export function listWaiting<T>({ bands }: FairOrder<T>): T[] {
  const list: T[] = [];
  for (const priority of priorities)
    for (const { keys } of bands[priority].tenants.heap) for (const key of keys.heap) addItems(list, key);
  return list;
}
