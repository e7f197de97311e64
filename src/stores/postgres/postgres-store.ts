import type { Clock, Committed, Store } from '#contracts';
import { connect } from '#postgres';
import { problem, ProblemError, problemOf } from '#schema';
import { reportOnce } from '../report-once.ts';
import { createWatchHub } from '../watch-hub.ts';
import { migrations } from './migrations.ts';
import { createPeers } from './peers.ts';
import { createReads } from './reads.ts';
import { createTelling } from './telling.ts';
import { forgetAudit, writeCommit } from './write-commit.ts';

export interface PostgresStoreDeps {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Where the tables are; made when missing. */
  readonly schema?: string | undefined;
  readonly clock: Pick<Clock, 'nowMs' | 'setTimer'>;
  /** Changes kept for `watch` from an earlier version. */
  readonly historyChangesMax?: number | undefined;
  /** Hears what a watch listener threw, and of what is stored but cannot be read. */
  readonly onListenerFault?: ((fault: unknown) => void) | undefined;
}

/** Resources in PostgreSQL, shared by any number of processes. Throws a ProblemError where the server cannot be used. */
export async function createPostgresStore(deps: PostgresStoreDeps): Promise<Store> {
  const { clock, historyChangesMax = 10_000, onListenerFault = () => undefined } = deps;
  const address = { url: deps.url, schema: deps.schema ?? 'millrace' };
  const server = await connect(address, { name: 'store', migrations });
  const reads = createReads(server.ask, reportOnce(onListenerFault));
  const hub = createWatchHub({ onListenerFault });
  const told = (await reads.history()).newest;
  const telling = createTelling({ reads, hub, clock, address, told });
  let open = true;
  function opened<T>(work: () => Promise<T>): Promise<T> {
    if (open) return work();
    return Promise.reject(new ProblemError(problem('shutting_down', 'The store is closed.')));
  }
  async function write(...[changes, actor, fence]: Parameters<Store['commit']>): Promise<Committed> {
    const input = { changes, actor, fence, nowMs: clock.nowMs(), historyChangesMax };
    const done = await server.atomically((ask) => writeCommit(ask, input));
    if (!done.ok) return done;
    if (done.events.length > 0) await telling.committed();
    return { ok: true, resources: done.resources };
  }
  return {
    get: (kind, name) => opened(() => reads.find(kind, name)),
    list: (kind) => opened(() => reads.list(kind)),
    unreadable: (kind) => opened(() => reads.unreadable(kind)),
    commit: (...given) =>
      opened(() => write(...given)).catch((fault: unknown) => ({
        ok: false,
        problem: problemOf(fault),
        at: 0,
      })),
    watch: (...given) => opened(() => telling.watch(...given)),
    audit: (query) => opened(() => reads.audit(query)),
    peers: createPeers({ ask: (query) => opened(() => server.ask(query)) }, () =>
      opened(() => telling.catchUp()),
    ),
    forgetAudit: (beforeMs) => opened(() => forgetAudit(server.ask, beforeMs)),
    version: () => opened(async () => String((await reads.history()).newest)),
    async close() {
      if (!open) return;
      open = false;
      hub.close();
      await telling.close();
      await server.close();
    },
  };
}
