import type { ClaimWanted, TaskLimits } from '#contracts';
import type { Task } from '#schema';
import { parked, unparked } from './task-rules.ts';

/** Where a queue of one process looks and writes. */
export interface GateShelf {
  ready(count: number): readonly Task[];
  /** How many of the tenant are being worked on. */
  working(tenant: string): number;
  /** The first of the tenant that wait for one of its own to end. */
  parked(tenant: string, count: number): readonly Task[];
  put(task: Task): void;
}

export const unlimited: TaskLimits = { runningMaxOf: () => undefined, limited: () => [] };

/** So many are looked at together, and so often: a claim never looks through a whole backlog. */
const lookMax = 50;
const looksMax = 20;

/**
 * Claims what may run. A tenant that has as many running as it may is passed over, and what was met of it is parked:
 * no claim meets it again until one of its tasks has ended. Says whether there may be more behind what was parked.
 */
export function claimThrough(
  shelf: GateShelf,
  limits: TaskLimits,
  { count, take }: Pick<ClaimWanted, 'count'> & { readonly take: (task: Task) => Task },
): { readonly tasks: readonly Task[]; readonly more: boolean } {
  const tasks: Task[] = [];
  for (let look = 0; look < looksMax; look += 1) {
    const found = shelf.ready(Math.max(count - tasks.length, limits.limited().length === 0 ? 0 : lookMax));
    for (const task of found) {
      if (tasks.length === count) return { tasks, more: false };
      const max = limits.runningMaxOf(task.tenant);
      if (max === undefined || shelf.working(task.tenant) < max) tasks.push(take(task));
      else shelf.put(parked(task));
    }
    if (found.length === 0 || tasks.length === count) return { tasks, more: false };
  }
  return { tasks, more: true };
}

/**
 * Lets parked tasks of a tenant be claimed again: as many as it may have running beside those that do. When some have
 * ended, no more than those: what was let out before still waits for a worker, and would only be parked again.
 */
export function release(
  shelf: GateShelf,
  limits: TaskLimits,
  { tenant, ended = lookMax }: { readonly tenant: string; readonly ended?: number },
): void {
  const room = Math.min(ended, (limits.runningMaxOf(tenant) ?? Infinity) - shelf.working(tenant));
  if (room <= 0) return;
  for (const task of shelf.parked(tenant, room)) shelf.put(unparked(task));
}
