import type { Actor, Change, Clock, Committed, Store } from '#contracts';
import { connect, takeLock, type ServerAddress } from '#postgres';
import { problem, ProblemError, problemOf } from '#schema';
import { reportOnce } from '../report-once.ts';
import { createWatchHub } from '../watch-hub.ts';
import { migrations } from './migrations.ts';
import { createReads } from './reads.ts';
import { createTelling } from './telling.ts';
import { writeCommit } from './write-commit.ts';

export interface PostgresStoreDeps {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Where the tables are; made when missing. */
  readonly schema?: string | undefined;
  readonly clock: Pick<Clock, 'nowMs' | 'setTimer'>;
  /** Refuse with `already_running` while another platform works on these tables. */
  readonly exclusive?: boolean | undefined;
  /** Changes kept for `watch` from an earlier version. */
  readonly historyChangesMax?: number | undefined;
  /** Hears what a watch listener threw, and of what is stored but cannot be read. */
  readonly onListenerFault?: ((fault: unknown) => void) | undefined;
}

const notAlone = problem(
  'already_running',
  'Another platform already works on these tables. Stop it first, or choose another `postgres.schema`.',
);

async function lockOf(address: ServerAddress, exclusive: boolean): Promise<() => Promise<void>> {
  if (!exclusive) return () => Promise.resolve();
  const unlock = await takeLock(address, 'platform');
  if (unlock) return unlock;
  throw new ProblemError(notAlone);
}

/** Resources in PostgreSQL, shared by any number of processes. Throws a ProblemError where the server cannot be used. */
export async function createPostgresStore(deps: PostgresStoreDeps): Promise<Store> {
  const { clock, historyChangesMax = 10_000, onListenerFault = () => undefined } = deps;
  const address = { url: deps.url, schema: deps.schema ?? 'millrace' };
  const server = await connect(address, { name: 'store', migrations });
  const unlock = await lockOf(address, deps.exclusive ?? false).catch(async (fault: unknown) => {
    await server.close();
    throw fault;
  });
  const reads = createReads(server.ask, reportOnce(onListenerFault));
  const hub = createWatchHub({ onListenerFault });
  const told = (await reads.history()).newest;
  const telling = createTelling({ reads, hub, clock, address, told });
  let open = true;
  function opened<T>(work: () => Promise<T>): Promise<T> {
    if (open) return work();
    return Promise.reject(new ProblemError(problem('shutting_down', 'The store is closed.')));
  }
  async function write(changes: readonly Change[], actor: Actor): Promise<Committed> {
    const input = { changes, actor, nowMs: clock.nowMs(), historyChangesMax };
    const done = await server.atomically((ask) => writeCommit(ask, input));
    if (!done.ok) return done;
    if (done.events.length > 0) await telling.committed();
    return { ok: true, resources: done.resources };
  }
  return {
    get: (kind, name) => opened(() => reads.find(kind, name)),
    list: (kind) => opened(() => reads.list(kind)),
    unreadable: (kind) => opened(() => reads.unreadable(kind)),
    commit: (changes, actor) =>
      opened(() => write(changes, actor)).catch((fault: unknown) => ({
        ok: false,
        problem: problemOf(fault),
        at: 0,
      })),
    watch: (sinceVersion, listener) => opened(() => telling.watch(sinceVersion, listener)),
    audit: (query) => opened(() => reads.audit(query)),
    version: () => opened(async () => String((await reads.history()).newest)),
    async close() {
      if (!open) return;
      open = false;
      hub.close();
      await telling.close();
      await server.close();
      await unlock();
    },
  };
}
