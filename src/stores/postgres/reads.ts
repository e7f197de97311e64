import type { AuditQuery, WatchEvent } from '#contracts';
import type { Asking } from '#postgres';
import type { AuditEntry, Resource, ResourceKind } from '#schema';
import {
  parseAuditRow,
  parseChangeRow,
  parseEach,
  parseHistoryRow,
  parseNameIfUnreadable,
  parseResourceRow,
} from '../rows.ts';
import type { Unreadable } from '../unreadable.ts';

/** Every question about what is stored. */
export interface Reads {
  /** Throws a ProblemError (`store_unusable`) for one that cannot be read. */
  find(kind: ResourceKind, name: string): Promise<Resource | undefined>;
  /** This and `changesAfter` leave out what cannot be read. */
  list(kind: ResourceKind): Promise<readonly Resource[]>;
  unreadable(kind: ResourceKind): Promise<readonly string[]>;
  history(): Promise<{ oldest: number; newest: number }>;
  changesAfter(version: number): Promise<readonly WatchEvent[]>;
  audit(query: AuditQuery): Promise<readonly AuditEntry[]>;
}

const historyText =
  'SELECT (SELECT min(version) FROM changes) AS oldest, (SELECT max(version) FROM changes) AS newest';
const listText = 'SELECT name, version, body FROM resources WHERE kind = $1 ORDER BY name';

export async function askHistory(ask: Asking): Promise<{ oldest: number; newest: number }> {
  return parseHistoryRow((await ask({ name: 'store-history', text: historyText }))[0]);
}

function auditText(query: AuditQuery): { text: string; values: readonly unknown[] } {
  const conditions: readonly (readonly [string, string | number | undefined])[] = [
    ['kind =', query.kind],
    ['name =', query.name],
    ['at_ms >=', query.fromMs],
    ['at_ms <=', query.untilMs],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  const where = asked.map(([condition], at) => `${condition} $${at + 1}`).join(' AND ');
  const text = `SELECT body FROM audit ${where === '' ? '' : `WHERE ${where}`} ORDER BY entry DESC LIMIT $${asked.length + 1}`;
  return { text, values: [...asked.map(([, value]) => value), query.limit] };
}

export function createReads(ask: Asking, onUnreadable: (row: Unreadable) => void): Reads {
  const rowsOf = (kind: ResourceKind) => ask({ name: 'store-list', text: listText, values: [kind] });
  return {
    async find(kind, name) {
      const text = 'SELECT version, body FROM resources WHERE kind = $1 AND name = $2';
      const [row] = await ask({ name: 'store-find', text, values: [kind, name] });
      return row === undefined ? undefined : parseResourceRow(row);
    },
    list: async (kind) => parseEach(await rowsOf(kind), parseResourceRow, onUnreadable),
    unreadable: async (kind) => (await rowsOf(kind)).flatMap(parseNameIfUnreadable),
    history: () => askHistory(ask),
    async changesAfter(version) {
      const text = 'SELECT version, type, body FROM changes WHERE version > $1 ORDER BY version';
      return parseEach(
        await ask({ name: 'store-changes', text, values: [version] }),
        parseChangeRow,
        onUnreadable,
      );
    },
    audit: async (query) => (await ask(auditText(query))).map(parseAuditRow),
  };
}
