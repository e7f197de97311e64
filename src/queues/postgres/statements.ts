import type { Query } from '#postgres';
import { statesBefore, type Task } from '#schema';
import { allColumns, shortColumns, toRow, type TaskRow } from '../task-row.ts';

type Column = keyof TaskRow;
type SqlType = 'text' | 'float8' | 'int' | 'bytea';

const types: Readonly<Record<Column, SqlType>> = {
  id: 'text',
  lane: 'text',
  tenant: 'text',
  model: 'text',
  state: 'text',
  ready: 'int',
  band: 'int',
  rank: 'float8',
  attempt: 'int',
  token: 'float8',
  worker: 'text',
  claimed_ms: 'float8',
  lease_ms: 'float8',
  wake_ms: 'float8',
  created_ms: 'float8',
  expires_ms: 'float8',
  progress: 'text',
  idempotency_key: 'text',
  record: 'text',
  input: 'bytea',
  output: 'bytea',
};

const submitted: readonly Column[] = [
  'id',
  'lane',
  'tenant',
  'model',
  'state',
  'ready',
  'band',
  'rank',
  'wake_ms',
  'created_ms',
  'expires_ms',
  'idempotency_key',
  'record',
  'input',
];
const settled: readonly Column[] = [
  'id',
  'token',
  'state',
  'ready',
  'rank',
  'attempt',
  'wake_ms',
  'record',
  'output',
];
const rewritten: readonly Column[] = [
  'id',
  'state',
  'ready',
  'rank',
  'attempt',
  'wake_ms',
  'expires_ms',
  'progress',
  'record',
];

/** `unnest($1::text[], …)`: rows as one array for each column, so that one statement serves any number of rows. */
function unnest(columns: readonly Column[], firstAt = 1): string {
  return `unnest(${columns.map((column, at) => `$${firstAt + at}::${types[column]}[]`).join(', ')})`;
}

/** The same with one more column of texts. */
function withMore(rows: string, at: number): string {
  return rows.replace(/\)$/, `, $${at}::text[])`);
}

function bound(value: TaskRow[Column]): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

function arrays(columns: readonly Column[], rows: readonly TaskRow[]): unknown[][] {
  return columns.map((column) => rows.map((row) => bound(row[column])));
}

function assigned(columns: readonly Column[]): string {
  return columns
    .filter((column) => column !== 'id' && column !== 'token')
    .map((column) => `${column} = given.${column}`)
    .join(', ');
}

function listed(states: readonly string[]): string {
  return states.map((state) => `'${state}'`).join(', ');
}

/**
 * A row of SQL that lets the statement it is in be answered before it is on disk. For claims and signs of life: one
 * that a crash makes forgotten is made again, and its worker's name keeps the forgotten holder from writing.
 */
const unhurried = "(SELECT set_config('synchronous_commit', 'off', true) AS lazy) AS unhurried";

const working = listed(statesBefore('completed'));
const insertInto = `INSERT INTO tasks (${submitted.join(', ')})`;

/** Adds tasks; returns the ids of those that were added, which leaves out known idempotency keys. */
export function insertTasks(tasks: readonly Task[], nowMs: number): Query {
  return {
    name: 'tasks-insert',
    text: `${insertInto} SELECT * FROM ${unnest(submitted)}
      ON CONFLICT (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id`,
    values: arrays(
      submitted,
      tasks.map((task) => toRow(task, nowMs)),
    ),
  };
}

export interface Claim {
  readonly lane: string;
  readonly count: number;
  readonly worker: string;
  readonly nowMs: number;
  readonly leaseMs: number;
  /** Bands in their order, and the rank that each is searched from. */
  readonly bands: readonly number[];
  readonly fromRanks: readonly number[];
}

/**
 * Takes the next. Band by band from the rank where the last claim ended: what was claimed before leaves dead entries
 * in the index, which nobody can clear while a long transaction is open, and which a search from the start would
 * have to walk over again each time. Rows that another worker is just taking are passed over.
 */
export function claimTasks({ lane, count, worker, nowMs, leaseMs, bands, fromRanks }: Claim): Query {
  return {
    name: 'tasks-claim',
    text: `WITH picked AS MATERIALIZED (
        SELECT found.id FROM ${unhurried}, unnest($6::int[], $7::float8[]) AS wanted (band, from_rank)
        CROSS JOIN LATERAL (
          SELECT id FROM tasks
          WHERE ready = 1 AND lane = $1 AND band = wanted.band AND rank >= wanted.from_rank
          ORDER BY lane, band, rank, id LIMIT $2 FOR UPDATE SKIP LOCKED
        ) found LIMIT $2
      )
      UPDATE tasks SET state = 'leased', ready = 0, attempt = attempt + 1, token = token + 1, worker = $3,
        claimed_ms = $4, lease_ms = $4::float8 + $5::float8,
        wake_ms = least($4::float8 + $5::float8, expires_ms), progress = NULL
      FROM picked WHERE tasks.id = picked.id RETURNING ${allColumns.map((column) => `tasks.${column}`).join(', ')}`,
    values: [lane, count, worker, nowMs, leaseMs, bands, fromRanks],
  };
}

export interface Behind {
  readonly lane: string;
  readonly bands: readonly number[];
  readonly belowRanks: readonly number[];
}

/** The first that may be claimed in each band, of those that lie below a rank. */
export function firstReady({ lane, bands, belowRanks }: Behind): Query {
  return {
    name: 'tasks-behind',
    text: `SELECT wanted.band, found.rank FROM unnest($2::int[], $3::float8[]) AS wanted (band, below_rank)
      CROSS JOIN LATERAL (
        SELECT rank FROM tasks WHERE ready = 1 AND lane = $1 AND band = wanted.band AND rank < wanted.below_rank
        ORDER BY lane, band, rank, id LIMIT 1
      ) found`,
    values: [lane, bands, belowRanks],
  };
}

export interface HeldBeat {
  readonly id: string;
  readonly token: number;
  readonly worker: string;
  readonly leaseMs: number;
  readonly progress: string | null;
}

export function beatTasks(beats: readonly HeldBeat[], nowMs: number): Query {
  return {
    name: 'tasks-beat',
    text: `UPDATE tasks SET state = 'running', lease_ms = $5::float8 + given.lease,
        wake_ms = least($5::float8 + given.lease, expires_ms), progress = coalesce(given.progress, tasks.progress)
      FROM ${unhurried},
        unnest($1::text[], $2::float8[], $3::float8[], $4::text[], $6::text[]) AS given (id, token, lease, progress, worker)
      WHERE tasks.id = given.id AND tasks.token = given.token AND tasks.worker = given.worker
        AND tasks.state IN (${working}) RETURNING tasks.id`,
    values: [
      beats.map(({ id }) => id),
      beats.map(({ token }) => token),
      beats.map(({ leaseMs }) => leaseMs),
      beats.map(({ progress }) => progress),
      nowMs,
      beats.map(({ worker }) => worker),
    ],
  };
}

export interface Ended {
  readonly task: Task;
  /** Who claimed it. */
  readonly worker: string;
  /** What those who want to hear of it are owed. */
  readonly deliveries: readonly Task[];
}

/** Writes ends, each with the deliveries it owes, if its claim still is the newest; returns the ids of those. */
export function settleTasks(ended: readonly Ended[], nowMs: number): Query {
  const owing = ended.flatMap(({ task, deliveries }) =>
    deliveries.map((delivery) => ({ parent: task.id, delivery })),
  );
  const [holderAt, owedAt] = [settled.length + 1, settled.length + 2];
  return {
    name: 'tasks-settle',
    text: `WITH written AS (
        UPDATE tasks SET ${assigned(settled)}, worker = NULL, lease_ms = NULL
        FROM ${withMore(unnest(settled), holderAt)} AS given (${settled.join(', ')}, holder)
        WHERE tasks.id = given.id AND tasks.token = given.token AND tasks.worker = given.holder
          AND tasks.state IN (${working}) RETURNING tasks.id
      ), owed AS (
        ${insertInto}
        SELECT ${submitted.map((column) => `owing.${column}`).join(', ')}
        FROM ${withMore(unnest(submitted, owedAt), owedAt + submitted.length)}
          AS owing (${submitted.join(', ')}, parent)
        WHERE parent IN (SELECT id FROM written)
      )
      SELECT id FROM written`,
    values: [
      ...arrays(
        settled,
        ended.map(({ task }) => toRow(task, nowMs)),
      ),
      ended.map(({ worker }) => worker),
      ...arrays(
        submitted,
        owing.map(({ delivery }) => toRow(delivery, nowMs)),
      ),
      owing.map(({ parent }) => parent),
    ],
  };
}

/** Writes tasks that are locked; none of them has an answer (any more). */
export function rewriteTasks(tasks: readonly Task[], nowMs: number): Query {
  return {
    name: 'tasks-rewrite',
    text: `UPDATE tasks SET ${assigned(rewritten)}, worker = NULL, lease_ms = NULL, output = NULL
      FROM ${unnest(rewritten)} AS given (${rewritten.join(', ')}) WHERE tasks.id = given.id`,
    values: arrays(
      rewritten,
      tasks.map((task) => toRow(task, nowMs)),
    ),
  };
}

export function removeTasks(ids: readonly string[]): Query {
  return { name: 'tasks-remove', text: 'DELETE FROM tasks WHERE id = ANY($1::text[])', values: [ids] };
}

export function findTasks(ids: readonly string[]): Query {
  return {
    name: 'tasks-find',
    text: `SELECT ${allColumns.join(', ')} FROM tasks WHERE id = ANY($1::text[])`,
    values: [ids],
  };
}

export function findTwins(tenants: readonly string[], keys: readonly string[]): Query {
  return {
    name: 'tasks-twins',
    text: `SELECT ${allColumns.map((column) => `tasks.${column}`).join(', ')} FROM tasks
      JOIN unnest($1::text[], $2::text[]) AS given (tenant, key)
      ON tasks.tenant = given.tenant AND tasks.idempotency_key = given.key`,
    values: [tenants, keys],
  };
}

export function lockTask(id: string): Query {
  return {
    name: 'tasks-lock',
    text: `SELECT ${allColumns.join(', ')} FROM tasks WHERE id = $1 FOR UPDATE`,
    values: [id],
  };
}

/** Those that time has something to do with; `fromMs` for the same reason as in claims. */
export function lockDue(range: {
  readonly fromMs: number;
  readonly nowMs: number;
  readonly limit: number;
}): Query {
  return {
    name: 'tasks-due',
    text: `SELECT ${shortColumns.join(', ')} FROM tasks
      WHERE wake_ms >= $1 AND wake_ms <= $2 ORDER BY wake_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED`,
    values: [range.fromMs, range.nowMs, range.limit],
  };
}
