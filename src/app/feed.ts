import { kindNames, ProblemError, problemOf, type Resource } from '#schema';
import type { Clock, Log, Store, WatchEvent } from '#contracts';

interface View {
  apply(event: WatchEvent): void;
}

interface FeedDeps {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Pick<Clock, 'setTimer'>;
}

const retryMs = 1000;

function keyOf({ kind, metadata }: Resource): string {
  return `${kind}/${metadata.name}`;
}

/** Tells all views. One that stumbles over a resource goes on with the next: losing sight of all would be worse. */
function createTell(views: readonly View[], log: Log): (event: WatchEvent) => void {
  return (event) => {
    for (const view of views) {
      try {
        view.apply(event);
      } catch (fault) {
        const { kind, metadata } = event.resource;
        const message = fault instanceof Error ? fault.stack : String(fault);
        log.error('view-faulted', { kind, name: metadata.name, message });
      }
    }
  };
}

/**
 * Keeps views of the store up to date: everything that is there now, then every change, in order. A change between
 * the two is told twice, which views do not mind. Where changes were missed, it begins anew, and tells of what is gone.
 */
export async function feed(views: readonly View[], { store, log, clock }: FeedDeps): Promise<() => void> {
  const tell = createTell(views, log);
  const known = new Map<string, Resource>();
  let stop: (() => void) | undefined;
  let ended = false;

  function hear(event: WatchEvent): void {
    if (event.type === 'put') known.set(keyOf(event.resource), event.resource);
    else known.delete(keyOf(event.resource));
    tell(event);
  }

  async function begin(): Promise<void> {
    const since = await store.version();
    const gone = new Map(known);
    for (const kind of kindNames)
      for (const resource of await store.list(kind)) {
        gone.delete(keyOf(resource));
        hear({ type: 'put', resource });
      }
    for (const resource of gone.values()) hear({ type: 'deleted', resource });
    const watched = await store.watch(since, hear, again);
    if (!watched.ok) throw new ProblemError(watched.problem);
    ({ stop } = watched);
    if (ended) stop();
  }

  function again(): void {
    log.warn('watch-lost', { known: known.size });
    begin().catch((fault: unknown) => {
      log.warn('watch-not-resumed', { message: problemOf(fault).message });
      if (!ended) clock.setTimer(retryMs, again);
    });
  }

  await begin();
  return () => {
    ended = true;
    stop?.();
  };
}
