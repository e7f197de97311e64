import type { Query, Server } from '#postgres';
import { z } from 'zod';
import type { TaskCount, TaskQuery } from '#contracts';
import { taskLanes, taskStates, type Task } from '#schema';
import { fromRow, shortColumns } from '../task-row.ts';

function listQuery(query: TaskQuery): Query {
  const { lane, tenant, state, model, fromMs, untilMs, before, limit } = query;
  const conditions: readonly (readonly [string, string | number | undefined])[] = [
    ['lane =', lane],
    ['tenant =', tenant],
    ['state =', state],
    ['model =', model],
    ['created_ms >=', fromMs],
    ['created_ms <', untilMs],
    ['id <', before],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  const where = asked.map(([condition], at) => `${condition} $${at + 1}`).join(' AND ');
  return {
    text: `SELECT ${shortColumns.join(', ')} FROM tasks WHERE ${where} ORDER BY id DESC LIMIT $${asked.length + 1}`,
    values: [...asked.map(([, value]) => value), limit],
  };
}

export async function listTasks(server: Server, query: TaskQuery): Promise<readonly Task[]> {
  return (await server.ask(listQuery(query))).map(fromRow);
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
