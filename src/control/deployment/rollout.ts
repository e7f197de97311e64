import type { Replica } from '#schema';
import { statusOf } from '../replica/transition.ts';
import { isUpToDate } from '../template.ts';

export interface Rollout {
  /** How many to start now. */
  readonly start: number;
  /** Those that are to go now. */
  readonly retire: readonly Replica[];
}

export interface RolloutInput {
  readonly wanted: number;
  readonly template: string;
  /** In whatever state, but for failed ones whose failure is being noted now. */
  readonly replicas: readonly Replica[];
}

/** Replicas that may exist beyond what is wanted while a new template replaces the old: a quarter, at least one. */
function surgeOf(wanted: number): number {
  return Math.max(1, Math.ceil(wanted / 4));
}

export function isAlive(replica: Replica): boolean {
  const { state } = statusOf(replica);
  return state === 'starting' || state === 'loading' || state === 'ready';
}

export function isReady(replica: Replica): boolean {
  return statusOf(replica).state === 'ready';
}

const rank = { starting: 0, loading: 1, ready: 2, draining: 3, stopping: 3, failed: 3 };

/** Least loss first: what does not answer yet before what does, the youngest before the older. */
function byLoss(left: Replica, right: Replica): number {
  const order = rank[statusOf(left).state] - rank[statusOf(right).state];
  if (order !== 0) return order;
  const age = (right.metadata.createdAt ?? '').localeCompare(left.metadata.createdAt ?? '');
  return age === 0 ? right.metadata.name.localeCompare(left.metadata.name) : age;
}

/**
 * Steps from the replicas there are to the ones that are wanted.
 * 1. Too many of the wanted template: the excess goes.
 * 2. None of another template: what is missing is started.
 * 3. Others are left: new ones are started within the surge; old ones that do not answer go at once, old ones that do
 *    go as far as as many ready ones remain as are wanted.
 */
export function planRollout({ wanted, template, replicas }: RolloutInput): Rollout {
  const alive = replicas.filter(isAlive);
  const current = alive.filter((replica) => isUpToDate(replica, template));
  const outdated = alive.filter((replica) => !isUpToDate(replica, template));
  const excess = current.toSorted(byLoss).slice(0, Math.max(0, current.length - wanted));
  const readyKept = current.filter((replica) => isReady(replica) && !excess.includes(replica)).length;
  const silent = outdated.filter((replica) => !isReady(replica));
  const answering = outdated.filter(isReady).toSorted(byLoss);
  const dispensable = Math.max(0, readyKept + answering.length - wanted);
  const surge = outdated.length > 0 ? surgeOf(wanted) : 0;
  // What has failed keeps its place until its process is gone and the failure noted: only then is the delay known.
  const failed = replicas.filter((replica) => statusOf(replica).state === 'failed').length;
  const room = wanted + surge - alive.length + excess.length;
  return {
    start: Math.max(0, Math.min(wanted - current.length, room) - failed),
    retire: [...excess, ...silent, ...answering.slice(0, dispensable)],
  };
}
