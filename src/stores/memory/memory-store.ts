import type { AuditQuery, Clock, Store, WatchEvent } from '#contracts';
import type { AuditEntry } from '#schema';
import { decideCommit } from '../commit-rules.ts';
import { decideReplay } from '../replay-rules.ts';
import { superseded } from '../superseded.ts';
import { createWatchHub } from '../watch-hub.ts';
import { createMemoryPeers } from './memory-peers.ts';
import { createRecent } from './recent.ts';
import { createResourceMaps } from './resource-maps.ts';

export interface MemoryStoreDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Changes kept for `watch` from an earlier version. */
  readonly historyChangesMax?: number | undefined;
  /** Audit entries kept: memory is finite, so the oldest go. */
  readonly auditEntriesMax?: number | undefined;
  /** Hears what a watch listener threw. */
  readonly onListenerFault?: ((fault: unknown) => void) | undefined;
}

/** A store that forgets everything at the end: for tests, the simulator and trials. */
export function createMemoryStore(deps: MemoryStoreDeps): Store {
  const resources = createResourceMaps();
  const history = createRecent<WatchEvent>(deps.historyChangesMax ?? 10_000);
  const audit = createRecent<AuditEntry>(deps.auditEntriesMax ?? 100_000);
  const hub = createWatchHub({ onListenerFault: deps.onListenerFault ?? (() => undefined) });
  const peers = createMemoryPeers(deps.clock);
  let version = 0;

  return {
    get: async (kind, name) => resources.find(kind, name),
    list: async (kind) => resources.list(kind),
    async commit(changes, actor, fence) {
      if (fence !== undefined && !peers.isHeld(fence)) return superseded(fence);
      const lookup = resources.find;
      const decision = decideCommit({ changes, actor, version, nowMs: deps.clock.nowMs(), lookup });
      if (!decision.ok) return decision;
      for (const event of decision.events) {
        resources.apply(event);
        history.add(event);
      }
      for (const entry of decision.audit) audit.add(entry);
      version += decision.events.length;
      hub.publish(decision.events);
      return { ok: true, resources: decision.resources };
    },
    async watch(sinceVersion, listener) {
      const kept = history.all();
      const replay = decideReplay(sinceVersion, { oldest: version - kept.length + 1, newest: version });
      if (!replay.ok) return replay;
      const missed = kept.slice(kept.length - (version - replay.after));
      return { ok: true, stop: hub.add(listener, missed) };
    },
    async audit(query) {
      const found = audit.all().filter((entry) => asked(query, entry));
      return found.toReversed().slice(0, query.limit);
    },
    async forgetAudit(beforeMs) {
      const standing = standingAt(audit.all(), beforeMs);
      audit.keep((entry) => Date.parse(entry.at) >= beforeMs || standing.has(entry));
    },
    version: async () => String(version),
    peers,
    async close() {
      hub.close();
    },
  };
}

/** The last entry before a moment of each resource that existed then. */
function standingAt(entries: readonly AuditEntry[], atMs: number): ReadonlySet<AuditEntry> {
  const last = new Map<string, AuditEntry>();
  for (const entry of entries)
    if (Date.parse(entry.at) < atMs) last.set(`${entry.kind}/${entry.name}`, entry);
  return new Set([...last.values()].filter(({ verb }) => verb !== 'delete'));
}

function asked(query: AuditQuery, entry: AuditEntry): boolean {
  const atMs = Date.parse(entry.at);
  return (
    (query.kind === undefined || query.kind === entry.kind) &&
    (query.name === undefined || query.name === entry.name) &&
    atMs >= (query.fromMs ?? -Infinity) &&
    atMs <= (query.untilMs ?? Infinity)
  );
}
