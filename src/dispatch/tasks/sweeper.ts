import { problemOf } from '#schema';
import type { Blobs, Clock, Log } from '#contracts';
import { isOwned, type OwnedBlobDeps } from './owned-blob.ts';

export interface SweeperDeps extends OwnedBlobDeps {
  readonly blobs: Pick<Blobs, 'list' | 'read' | 'delete'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Sweeper {
  start(): void;
  stop(): Promise<void>;
}

const passEachMs = 60 * 60_000;

/** One look at all blobs. Those without an owner that were so before are deleted; returns the others. */
async function sweep(
  deps: SweeperDeps,
  suspects: ReadonlySet<string>,
  isStopped: () => boolean,
): Promise<ReadonlySet<string>> {
  const { blobs, log } = deps;
  const found = new Set<string>();
  async function look(digest: string): Promise<void> {
    if (await isOwned(deps, digest)) return;
    if (!suspects.has(digest)) found.add(digest);
    else {
      await blobs.delete(digest);
      log.info('task-blob-swept', { digest });
    }
  }
  for (const { digest } of await blobs.list()) {
    if (isStopped()) break;
    await look(digest).catch((fault: unknown) => {
      // Deleted meanwhile, most likely.
      log.debug('task-blob-unseen', { digest, message: problemOf(fault).message });
    });
  }
  return found;
}

/**
 * Frees what nobody will ask for any more: a crash between the writing of a blob and the submission of its task leaves
 * it without one, and so does a crash between the end of a task's keeping time and the deletion of its blobs. Each
 * blob names its owner; one that is old, and that its owner did not have on two passes, is deleted.
 */
export function createSweeper(deps: SweeperDeps): Sweeper {
  const { clock, log } = deps;
  let suspects: ReadonlySet<string> = new Set();
  let stopped = true;
  let cancel: (() => void) | undefined;
  let sweeping: Promise<void> = Promise.resolve();

  async function pass(): Promise<void> {
    try {
      suspects = await sweep(deps, suspects, () => stopped);
    } catch (fault) {
      log.error('task-blobs-unswept', { message: problemOf(fault).message });
    }
    if (!stopped) arm();
  }
  function arm(): void {
    cancel = clock.setTimer(passEachMs, () => {
      sweeping = pass();
    });
  }
  return {
    start() {
      stopped = false;
      arm();
    },
    async stop() {
      stopped = true;
      cancel?.();
      await sweeping;
    },
  };
}
