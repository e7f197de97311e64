import type Database from 'libsql';
import { z } from 'zod';
import type { TaskCount, TaskQuery } from '#contracts';
import { rangeOf, stretchesOf, traitsOf, type Condition, type Stretch } from '../stretches.ts';
import { shortColumns } from '../task-row.ts';

const columns = shortColumns.join(', ');
const idRows = z.array(z.object({ id: z.string() }));

interface Asked {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

function newest(what: string, conditions: readonly Condition[], limit: number): Asked {
  const where = conditions.map(([condition]) => `${condition} ?`).join(' AND ');
  const sql = `SELECT ${what} FROM tasks WHERE ${where} ORDER BY id DESC LIMIT ?`;
  return { sql, values: [...conditions.map(([, value]) => value), limit] };
}

function idsIn(database: Database.Database, query: TaskQuery, stretches: readonly Stretch[]): string[] {
  const ids = stretches.flatMap(({ tenant, model, state }) => {
    const traits = traitsOf({ ...query, tenant, model, state });
    const { sql, values } = newest('id', [...traits, ...rangeOf(query)], query.limit);
    return idRows.parse(database.prepare(sql).all(...values)).map(({ id }) => id);
  });
  return ids.toSorted((one, other) => (one < other ? 1 : -1)).slice(0, query.limit);
}

/** Rows of a list: the newest of every stretch, and of these the newest; or else what fits of the newest of all. */
export function listRows(
  database: Database.Database,
  query: TaskQuery,
  counts: readonly TaskCount[],
): readonly unknown[] {
  const stretches = stretchesOf(query, counts);
  if (stretches === undefined) {
    const { sql, values } = newest(columns, [...traitsOf(query), ...rangeOf(query)], query.limit);
    return database.prepare(sql).all(...values);
  }
  const ids = JSON.stringify(idsIn(database, query, stretches));
  const sql = `SELECT ${columns} FROM tasks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC`;
  return database.prepare(sql).all(ids);
}
