import { kindNames, ProblemError } from '#schema';
import type { Log, Store, WatchEvent } from '#contracts';

interface View {
  apply(event: WatchEvent): void;
}

/**
 * Keeps views of the store up to date: everything that is there now, then every change, in order. A change between
 * the two is told twice, which views do not mind.
 */
export async function feed(store: Store, views: readonly View[], log: Log): Promise<() => void> {
  /** A view that stumbles over one resource goes on with the next: losing sight of all of them would be worse. */
  function tell(event: WatchEvent): void {
    for (const view of views) {
      try {
        view.apply(event);
      } catch (fault) {
        const { kind, metadata } = event.resource;
        log.error('view-faulted', {
          kind,
          name: metadata.name,
          message: fault instanceof Error ? fault.stack : String(fault),
        });
      }
    }
  }
  const since = await store.version();
  for (const kind of kindNames)
    for (const resource of await store.list(kind)) tell({ type: 'put', resource });
  const watched = await store.watch(since, tell);
  if (!watched.ok) throw new ProblemError(watched.problem);
  return watched.stop;
}
