import type { Clock, Store, WatchEvent } from '#contracts';
import { problemOf } from '#schema';
import { decideReplay } from '../replay-rules.ts';
import { createWatchHub } from '../watch-hub.ts';
import { openSession } from './session.ts';
import type { Tables } from './tables.ts';
import { writeCommit } from './write-commit.ts';

export interface SqliteStoreDeps {
  /** File of the database; its folder is made when missing. */
  readonly path: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Changes kept for `watch` from an earlier version. */
  readonly historyChangesMax?: number | undefined;
  /** Hears what a watch listener threw, and of what is stored but cannot be read. */
  readonly onListenerFault?: ((fault: unknown) => void) | undefined;
}

/**
 * A store in one SQLite file. What `commit` has answered survives kill -9 and a power cut.
 * Throws a ProblemError when the file cannot be used: `store_unusable`, `storage_full`, `internal`.
 */
export function createSqliteStore(deps: SqliteStoreDeps): Store {
  const { clock, historyChangesMax = 10_000, onListenerFault = () => undefined } = deps;
  const session = openSession(deps.path, onListenerFault);
  const hub = createWatchHub({ onListenerFault });
  let told = session.use((tables) => tables.history().newest);

  /** Watchers here also hear, in its place, what another process committed in between. */
  function tell(tables: Tables, committed: readonly WatchEvent[]): void {
    const [first] = committed;
    const missedSome = first !== undefined && versionOf(first) > told + 1;
    const events = missedSome ? tables.changesAfter(told) : committed;
    told = events.reduce((_, event) => versionOf(event), told);
    hub.publish(events);
  }

  return {
    get: async (kind, name) => session.use((tables) => tables.find(kind, name)),
    list: async (kind) => session.use((tables) => tables.list(kind)),
    unreadable: async (kind) => session.use((tables) => tables.unreadable(kind)),
    async commit(changes, actor) {
      try {
        return session.use((tables) => {
          const done = writeCommit(tables, { changes, actor, nowMs: clock.nowMs(), historyChangesMax });
          if (!done.ok) return done;
          tell(tables, done.events);
          return { ok: true, resources: done.resources };
        });
      } catch (fault) {
        return { ok: false, problem: problemOf(fault), at: 0 };
      }
    },
    watch: async (sinceVersion, listener) =>
      session.use((tables) => {
        tell(tables, tables.changesAfter(told));
        const replay = decideReplay(sinceVersion, tables.history());
        if (!replay.ok) return replay;
        return { ok: true, stop: hub.add(listener, tables.changesAfter(replay.after)) };
      }),
    audit: async (query) => session.use((tables) => tables.audit(query)),
    forgetAudit: async (beforeMs) => session.use((tables) => tables.forgetAudit(beforeMs)),
    version: async () => session.use((tables) => String(tables.history().newest)),
    async close() {
      hub.close();
      session.close();
    },
  };
}

function versionOf(event: WatchEvent): number {
  return Number(event.resource.metadata.resourceVersion);
}
