import { priorities } from '#schema';
import type { Band, Entry } from './entry.ts';
import { peekNext, type FairOrder } from './fair-order.ts';

/** The first request of each key of the band, about in the order of their turns, until the list is long enough. */
function addHeads<T>(list: Entry<T>[], { tenants }: Band<T>, max: number): void {
  const [next] = list;
  for (const { keys } of tenants.heap)
    for (const { first } of keys.heap)
      if (first !== undefined && first !== next && list.length < max) list.push(first);
}

/**
 * The next request of each of at most `max` keys: first the one whose turn it is, then those of other keys, the most
 * urgent first.
 */
export function listTurns<T>(order: FairOrder<T>, max: number): readonly Entry<T>[] {
  const next = peekNext(order);
  if (next === undefined) return [];
  const list = [next];
  for (const priority of priorities) if (list.length < max) addHeads(list, order.bands[priority], max);
  return list;
}
