import type Database from 'libsql';
import type { AuditQuery, WatchEvent } from '#contracts';
import type { AuditEntry, Resource, ResourceKind } from '#schema';
import type { Unreadable } from '../unreadable.ts';
import {
  parseAuditRow,
  parseChangeRow,
  parseEach,
  parseHistoryRow,
  parseNameIfUnreadable,
  parseResourceRow,
  parseStoredRow,
} from '../rows.ts';

/** Every question and every write, prepared once. The writes belong inside `atomically`. */
export interface Tables {
  /** Throws a ProblemError (`store_unusable`) for one that cannot be read. */
  find(kind: ResourceKind, name: string): Resource | undefined;
  findAny(kind: ResourceKind, name: string): Resource | Unreadable | undefined;
  /** This and `changesAfter` leave out what cannot be read. */
  list(kind: ResourceKind): readonly Resource[];
  /** Names of what `list` leaves out. */
  unreadable(kind: ResourceKind): readonly string[];
  history(): { oldest: number; newest: number };
  changesAfter(version: number): readonly WatchEvent[];
  audit(query: AuditQuery): readonly AuditEntry[];
  writeChange(event: WatchEvent): void;
  writeAudit(entry: AuditEntry): void;
  forgetChangesUpTo(version: number): void;
  forgetAudit(beforeMs: number): void;
  /** Runs `work` in one transaction; whatever it throws undoes all of it. */
  atomically<T>(work: () => T): T;
}

/** Statements are read with `all`, never `get`: `get` leaves the statement, and with it a read, open. */
export function prepareTables(database: Database.Database, onUnreadable: (row: Unreadable) => void): Tables {
  return { ...prepareReads(database, onUnreadable), ...prepareWrites(database) };
}

function prepareReads(
  database: Database.Database,
  onUnreadable: (row: Unreadable) => void,
): Pick<Tables, 'find' | 'findAny' | 'list' | 'unreadable' | 'history' | 'changesAfter' | 'audit'> {
  const find = database.prepare('SELECT version, body FROM resources WHERE kind = ? AND name = ?');
  const list = database.prepare('SELECT name, version, body FROM resources WHERE kind = ? ORDER BY name');
  const history = database.prepare(
    'SELECT (SELECT min(version) FROM changes) AS oldest, (SELECT max(version) FROM changes) AS newest',
  );
  const changesAfter = database.prepare(
    'SELECT version, type, body FROM changes WHERE version > ? ORDER BY version',
  );
  return {
    find(kind, name) {
      const [row] = find.all(kind, name);
      return row === undefined ? undefined : parseResourceRow(row);
    },
    findAny(kind, name) {
      const [row] = find.all(kind, name);
      return row === undefined ? undefined : parseStoredRow(row);
    },
    list: (kind) => parseEach(list.all(kind), parseResourceRow, onUnreadable),
    unreadable: (kind) => list.all(kind).flatMap(parseNameIfUnreadable),
    history: () => parseHistoryRow(history.all()[0]),
    changesAfter: (version) => parseEach(changesAfter.all(version), parseChangeRow, onUnreadable),
    audit: (query) => auditRows(database, query).map(parseAuditRow),
  };
}

/** Built for each question, so that the planner sees which columns it is about and takes their index. */
function auditRows(database: Database.Database, query: AuditQuery): unknown[] {
  const conditions: readonly (readonly [string, string | number | undefined])[] = [
    ['kind = ?', query.kind],
    ['name = ?', query.name],
    ['at_ms >= ?', query.fromMs],
    ['at_ms <= ?', query.untilMs],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  const where = asked.length === 0 ? '' : `WHERE ${asked.map(([condition]) => condition).join(' AND ')}`;
  const values = asked.map(([, value]) => value);
  return database
    .prepare(`SELECT body FROM audit ${where} ORDER BY entry DESC LIMIT ?`)
    .all(...values, query.limit);
}

function prepareWrites(
  database: Database.Database,
): Pick<Tables, 'writeChange' | 'writeAudit' | 'forgetChangesUpTo' | 'forgetAudit' | 'atomically'> {
  const put = database.prepare(
    'INSERT OR REPLACE INTO resources (kind, name, version, body) VALUES (?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM resources WHERE kind = ? AND name = ?');
  const addChange = database.prepare('INSERT INTO changes (version, type, body) VALUES (?, ?, ?)');
  const addAudit = database.prepare('INSERT INTO audit (at_ms, kind, name, body) VALUES (?, ?, ?, ?)');
  const forget = database.prepare('DELETE FROM changes WHERE version <= ?');
  const forgetAudit = database.prepare(`
    DELETE FROM audit WHERE at_ms < ?1 AND (
      json_extract(body, '$.verb') = 'delete'
      OR entry NOT IN (SELECT max(entry) FROM audit WHERE at_ms < ?1 GROUP BY kind, name)
    )`);
  return {
    writeChange({ type, resource }) {
      const { name, resourceVersion } = resource.metadata;
      const version = Number(resourceVersion);
      const body = JSON.stringify(resource);
      if (type === 'put') put.run(resource.kind, name, version, body);
      else remove.run(resource.kind, name);
      addChange.run(version, type, body);
    },
    writeAudit(entry) {
      addAudit.run(Date.parse(entry.at), entry.kind, entry.name, JSON.stringify(entry));
    },
    forgetChangesUpTo: (version) => void forget.run(version),
    forgetAudit: (beforeMs) => void forgetAudit.run(beforeMs),
    atomically(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (cause) {
        // A full disk may have made SQLite roll back by itself already.
        if (database.inTransaction) database.exec('ROLLBACK');
        throw cause;
      }
    },
  };
}
