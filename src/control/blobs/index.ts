import type { ControlDeps } from '../deps.ts';
import { createLoop, type Loop, type Reconciler } from '../loop.ts';
import { listOf, type Acted } from '../records.ts';
import { namedBy, reconcileBlobs, type BlobAction, type BlobsObserved, type Named } from './reconcile.ts';

const key = 'blobs';
const concurrencyMax = 1;
const resyncMs = 60 * 60_000;

/** Frees the disk of files that no version names: those of deleted versions, refused ones, pushes never applied. */
export function createBlobLoop({ store, blobs, ...deps }: ControlDeps): Loop & { look(): void } {
  const unnamedSinceMs = new Map<string, number>();

  async function named(): Promise<Named> {
    const unreadable = (await store.unreadable?.('ModelVersion')) ?? [];
    if (unreadable.length > 0) return undefined;
    return namedBy(await listOf(store, 'ModelVersion'));
  }

  async function act({ kind, digest }: BlobAction): Promise<Acted> {
    if (kind === 'note') unnamedSinceMs.set(digest, deps.clock.monotonicMs());
    else if (kind === 'forget') unnamedSinceMs.delete(digest);
    // Deleting many takes a while: somebody may have named this one meanwhile.
    else if ((await named())?.has(digest) !== false) return 'stale';
    else {
      await blobs.delete(digest);
      unnamedSinceMs.delete(digest);
      deps.log.info('blob-deleted', { digest });
    }
    return 'done';
  }

  const reconciler: Reconciler<Named, BlobsObserved, BlobAction> = {
    name: 'blobs',
    keys: async () => [key],
    async observe() {
      // In this order: what is named after the listing is found named.
      const present = (await blobs.list()).map(({ digest }) => digest);
      const monotonicMs = deps.clock.monotonicMs();
      return { wanted: await named(), observed: { present, unnamedSinceMs, monotonicMs } };
    },
    reconcile: reconcileBlobs,
    act,
  };
  const loop = createLoop(deps, reconciler, { concurrencyMax, resyncMs });
  return { ...loop, look: () => loop.wake(key) };
}
