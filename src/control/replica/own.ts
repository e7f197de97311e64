import type { Replica } from '#schema';
import type { NodeDeps } from '../deps.ts';
import { listOf } from '../records.ts';

/** The replicas that are ours to run. */
export async function ownReplicas({
  store,
  node,
}: Pick<NodeDeps, 'store' | 'node'>): Promise<readonly Replica[]> {
  return (await listOf(store, 'Replica')).filter(({ spec }) => spec.node === node);
}
