import type Database from 'libsql';
import { z } from 'zod';
import type { TaskCount, TaskQuery } from '#contracts';
import { taskLanes, taskStates, type NewTask, type Task, type TaskLane } from '#schema';
import { keptTurns } from '../turns-kept.ts';
import { listRows } from './listing.ts';
import { allColumns, fromRow, toRow, type TaskRow } from '../task-row.ts';

/** Every question and every write, prepared once. */
export interface TaskTable {
  find(id: string): Task | undefined;
  twin(task: NewTask): Task | undefined;
  /** Which of these idempotency keys there are. */
  known(tenant: string, keys: readonly string[]): ReadonlySet<string>;
  ready(lane: TaskLane, count: number): readonly Task[];
  due(nowMs: number, count: number): readonly Task[];
  /** How many of the tenant are being worked on. */
  working(lane: TaskLane, tenant: string): number;
  /** The first of the tenant that wait for another of its own to end. */
  parked(lane: TaskLane, tenant: string, count: number): readonly Task[];
  parkedTenants(): readonly string[];
  /** The first and the last turn of every tenant that has something waiting. */
  turns(): readonly unknown[];
  list(query: TaskQuery): readonly Task[];
  counts(): readonly TaskCount[];
  insert(task: Task, nowMs: number): void;
  update(task: Task, nowMs: number): void;
  remove(id: string): void;
}

const columns: readonly (keyof TaskRow)[] = [
  'id',
  'lane',
  'tenant',
  'model',
  'state',
  'ready',
  'band',
  'rank',
  'attempt',
  'token',
  'worker',
  'claimed_ms',
  'lease_ms',
  'wake_ms',
  'created_ms',
  'expires_ms',
  'progress',
  'idempotency_key',
  'record',
  'input',
  'output',
];
/** What never changes after the submission. */
const fixed = new Set<string>([
  'id',
  'lane',
  'tenant',
  'model',
  'band',
  'created_ms',
  'idempotency_key',
  'input',
]);
const changing = columns.filter((column) => !fixed.has(column));

const countRow = z.object({
  lane: z.enum(taskLanes),
  tenant: z.string(),
  model: z.string(),
  state: z.enum(taskStates),
  count: z.number(),
});

/** Statements are read with `all`, never `get`: `get` leaves the statement, and with it a read, open. */
export function prepareTaskTable(database: Database.Database): TaskTable {
  return { ...prepareReads(database), ...prepareWrites(database) };
}

function first(rows: readonly unknown[]): Task | undefined {
  return rows.length > 0 ? fromRow(rows[0]) : undefined;
}

const sumRow = z.array(z.object({ working: z.number().nullable() }));
const tenantRows = z.array(z.object({ tenant: z.string() }));

function preparePark(database: Database.Database): Pick<TaskTable, 'working' | 'parked' | 'parkedTenants'> {
  const working = database.prepare(
    "SELECT sum(count) AS working FROM task_counts WHERE lane = ? AND tenant = ? AND state IN ('leased', 'running')",
  );
  const parked = database.prepare(
    `SELECT ${allColumns.join(', ')} FROM tasks WHERE ready = 2 AND lane = ? AND tenant = ? ORDER BY band, rank, id LIMIT ?`,
  );
  const tenants = database.prepare('SELECT DISTINCT tenant FROM tasks WHERE ready = 2');
  return {
    working: (lane, tenant) => sumRow.parse(working.all(lane, tenant))[0]?.working ?? 0,
    parked: (lane, tenant, count) => parked.all(lane, tenant, count).map(fromRow),
    parkedTenants: () => tenantRows.parse(tenants.all()).map(({ tenant }) => tenant),
  };
}

function prepareReads(
  database: Database.Database,
): Pick<
  TaskTable,
  | 'find'
  | 'twin'
  | 'known'
  | 'ready'
  | 'working'
  | 'parked'
  | 'parkedTenants'
  | 'due'
  | 'turns'
  | 'list'
  | 'counts'
> {
  const all = allColumns.join(', ');
  const find = database.prepare(`SELECT ${all} FROM tasks WHERE id = ?`);
  const twin = database.prepare(`SELECT ${all} FROM tasks WHERE tenant = ? AND idempotency_key = ?`);
  const keyed = database.prepare('SELECT 1 AS found FROM tasks WHERE tenant = ? AND idempotency_key = ?');
  const ready = database.prepare(
    `SELECT ${all} FROM tasks WHERE ready = 1 AND lane = ? ORDER BY band, rank, id LIMIT ?`,
  );
  const due = database.prepare(`SELECT ${all} FROM tasks WHERE wake_ms <= ? ORDER BY wake_ms, id LIMIT ?`);
  const counts = database.prepare('SELECT * FROM task_counts WHERE count > 0');
  const countAll = () => z.array(countRow).parse(counts.all());
  return {
    find: (id) => first(find.all(id)),
    twin: ({ tenant, idempotencyKey: key }) => (key === undefined ? undefined : first(twin.all(tenant, key))),
    known: (tenant, keys) => new Set(keys.filter((key) => keyed.all(tenant, key).length > 0)),
    ready: (lane, count) => ready.all(lane, count).map(fromRow),
    ...preparePark(database),
    turns: () => database.prepare(keptTurns).all(),
    due: (nowMs, count) => due.all(nowMs, count).map(fromRow),
    list: (query) => listRows(database, query, countAll()).map(fromRow),
    counts: countAll,
  };
}

function prepareWrites(database: Database.Database): Pick<TaskTable, 'insert' | 'update' | 'remove'> {
  const insert = database.prepare(
    `INSERT INTO tasks (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const update = database.prepare(
    `UPDATE tasks SET ${changing.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );
  const remove = database.prepare('DELETE FROM tasks WHERE id = ?');
  return {
    insert(task, nowMs) {
      const row = toRow(task, nowMs);
      insert.run(...columns.map((column) => row[column]));
    },
    update(task, nowMs) {
      const row = toRow(task, nowMs);
      update.run(...changing.map((column) => row[column]), task.id);
    },
    remove: (id) => void remove.run(id),
  };
}
