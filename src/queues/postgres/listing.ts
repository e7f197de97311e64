import type { Query, Server } from '#postgres';
import { z } from 'zod';
import type { TaskCount, TaskQuery } from '#contracts';
import { taskLanes, taskStates, type Task } from '#schema';
import { rangeOf, stretchesOf, traitsOf, type Condition, type Stretch } from '../stretches.ts';
import { fromRow, shortColumns } from '../task-row.ts';

const columns = shortColumns.map((column) => `tasks.${column}`).join(', ');

/** `AND id < $5 AND …`; the values go to the end of those there are. */
function conditions(given: readonly Condition[], values: unknown[]): string {
  return given
    .map(([condition, value]) => {
      values.push(value);
      return ` AND tasks.${condition} $${values.length}`;
    })
    .join('');
}

/** Looks through the newest until enough of them fit. */
function newestQuery(query: TaskQuery): Query {
  const values: unknown[] = [query.limit];
  const fitting = conditions([...traitsOf(query), ...rangeOf(query)], values);
  return {
    text: `SELECT ${columns} FROM tasks WHERE true${fitting} ORDER BY tasks.id DESC LIMIT $1`,
    values,
  };
}

/** The newest of every stretch, and of these the newest: reads no more than a page of each. */
function stretchQuery(query: TaskQuery, stretches: readonly Stretch[]): Query {
  const values: unknown[] = [
    query.limit,
    query.lane,
    stretches.map(({ tenant }) => tenant),
    stretches.map(({ model }) => model),
    stretches.map(({ state }) => state),
  ];
  const range = conditions(rangeOf(query), values);
  return {
    text: `WITH newest AS MATERIALIZED (
        SELECT found.id FROM unnest($3::text[], $4::text[], $5::text[]) AS stretch (tenant, model, state)
        CROSS JOIN LATERAL (
          SELECT tasks.id FROM tasks
          WHERE tasks.lane = $2 AND tasks.tenant = stretch.tenant AND tasks.model = stretch.model
            AND tasks.state = stretch.state${range}
          ORDER BY tasks.lane DESC, tasks.tenant DESC, tasks.model DESC, tasks.state DESC, tasks.id DESC LIMIT $1
        ) found ORDER BY found.id DESC LIMIT $1
      )
      SELECT ${columns} FROM newest JOIN tasks ON tasks.id = newest.id ORDER BY tasks.id DESC`,
    values,
  };
}

export function listQuery(query: TaskQuery, counts: readonly TaskCount[]): Query {
  const stretches = stretchesOf(query, counts);
  return stretches === undefined ? newestQuery(query) : stretchQuery(query, stretches);
}

export async function listTasks(server: Server, query: TaskQuery): Promise<readonly Task[]> {
  return (await server.ask(listQuery(query, await countTasks(server)))).map(fromRow);
}

const countRows = z.array(
  z.object({
    lane: z.enum(taskLanes),
    tenant: z.string(),
    model: z.string(),
    state: z.enum(taskStates),
    count: z.coerce.number(),
  }),
);

export async function countTasks(server: Server): Promise<readonly TaskCount[]> {
  const rows = await server.ask({
    name: 'tasks-count',
    text: `SELECT lane, tenant, model, state, sum(count) AS count FROM task_counts
      GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0`,
  });
  return countRows.parse(rows);
}

/** Sums the counts up, once they have become many. */
export async function sumUpCounts(server: Server): Promise<void> {
  await server.ask({
    name: 'tasks-sum-up',
    text: `WITH gone AS (
        DELETE FROM task_counts WHERE (SELECT count(*) FROM (SELECT 1 FROM task_counts LIMIT 2000) AS few) = 2000 RETURNING *
      )
      INSERT INTO task_counts SELECT lane, tenant, model, state, sum(count) FROM gone
      GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0`,
  });
}
