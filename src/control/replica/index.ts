import type { Replica } from '#schema';
import { createLoop, type Loop, type Reconciler } from '../loop.ts';
import { actOnReplica, type ReplicaWorld } from './act.ts';
import { observeReplica } from './observe.ts';
import { ownReplicas } from './own.ts';
import { reconcileReplica, type ReplicaAction, type ReplicaObserved } from './reconcile.ts';

/** Probes are short and many: a fleet that does not answer must not keep the others from being looked at. */
const concurrencyMax = 256;
const resyncMs = 10_000;

/** Launches, watches and ends the replicas of this node: one key for each record. */
export function createReplicaLoop(world: ReplicaWorld): Loop {
  const { deps, knowledge } = world;
  const reconciler: Reconciler<Replica | undefined, ReplicaObserved, ReplicaAction> = {
    name: 'replica',
    keys: async () => (await ownReplicas(deps)).map(({ metadata }) => metadata.name),
    observe: async (name, signal) => observeReplica(deps, { name, knowledge }, signal),
    reconcile: reconcileReplica,
    act: async (action, signal) => actOnReplica(world, action, signal),
  };
  return createLoop(deps, reconciler, { concurrencyMax, resyncMs });
}
