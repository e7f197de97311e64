import type { ModelVersion } from '#schema';
import type { ControlDeps } from '../deps.ts';
import { createLoop, type Loop, type Reconciler } from '../loop.ts';
import { getOf, listOf } from '../records.ts';
import { actOnModelVersion } from './act.ts';
import { knownDigest } from './known-digest.ts';
import { createPulls } from './pulls.ts';
import { reconcileModelVersion, type ModelVersionAction, type ModelVersionObserved } from './reconcile.ts';

const concurrencyMax = 4;
const resyncMs = 10_000;

interface Wanted {
  readonly name: string;
  readonly version: ModelVersion | undefined;
}

/** Brings the files of versions here and looks into them: one key for each version. */
export function createModelVersionLoop(deps: ControlDeps): Loop {
  const { store, blobs, sources } = deps;
  const pulls = createPulls(deps, (name) => loop.wake(name));
  const reconciler: Reconciler<Wanted, ModelVersionObserved, ModelVersionAction> = {
    name: 'model-version',
    keys: async () => (await listOf(store, 'ModelVersion')).map(({ metadata }) => metadata.name),
    async observe(name) {
      const version = await getOf(store, 'ModelVersion', name);
      const digest = version === undefined ? undefined : knownDigest(version);
      const blob = digest === undefined ? undefined : await blobs.stat(digest);
      return {
        wanted: { name, version },
        observed: { blob, pull: pulls.view(name), schemes: [...sources.keys()] },
      };
    },
    reconcile: reconcileModelVersion,
    act: async (action, signal) => actOnModelVersion({ deps, pulls }, action, signal),
  };
  const loop = createLoop(deps, reconciler, { concurrencyMax, resyncMs });
  return {
    ...loop,
    async stop() {
      await Promise.all([loop.stop(), pulls.stop()]);
    },
  };
}
