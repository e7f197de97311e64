import type { ReplicaHandle } from '#contracts';
import type { NodeDeps } from '../deps.ts';
import { createLoop, type Loop, type Reconciler } from '../loop.ts';
import { ownReplicas } from '../replica/own.ts';

interface OrphanAction {
  readonly kind: 'stop';
  readonly handle: ReplicaHandle;
}

const concurrencyMax = 4;
const resyncMs = 60_000;
const graceMs = 5000;

/** What runs without a record is nobody's: it was given up while we were down or could not be heard. */
function reconcileOrphans(
  records: ReadonlySet<string>,
  running: readonly ReplicaHandle[],
): readonly OrphanAction[] {
  return running.filter(({ replica }) => !records.has(replica)).map((handle) => ({ kind: 'stop', handle }));
}

/** Cleans up after crashes: one key for each substrate. */
export function createOrphanLoop({ substrates, store, node, ...deps }: NodeDeps): Loop {
  const reconciler: Reconciler<ReadonlySet<string>, readonly ReplicaHandle[], OrphanAction> = {
    name: 'orphans',
    keys: async () => [...substrates.keys()],
    async observe(key) {
      // In this order: every process was recorded before it was started.
      const running = (await substrates.get(key)?.running()) ?? [];
      const records = await ownReplicas({ store, node });
      return { wanted: new Set(records.map(({ metadata }) => metadata.name)), observed: running };
    },
    reconcile: reconcileOrphans,
    async act({ handle }) {
      deps.log.warn('orphan-found', { replica: handle.replica, substrate: handle.substrate });
      await substrates.get(handle.substrate)?.stop(handle, { graceMs });
      return 'done';
    },
  };
  return createLoop(deps, reconciler, { concurrencyMax, resyncMs });
}
