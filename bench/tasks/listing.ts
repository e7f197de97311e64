import { Client } from 'pg';
import { taskIdFrom } from '#schema';
import type { TaskQuery, TaskQueue } from '#contracts';
import { printTable } from '../harness/result.ts';

/** Times a question a few times; the median. */
async function medianMs(ask: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < 9; at += 1) {
    const beganMs = performance.now();
    await ask();
    took.push(performance.now() - beganMs);
  }
  return took.toSorted((one, other) => one - other)[4] ?? Number.NaN;
}

export interface Listing {
  readonly listMsMax: number;
  readonly countMs: number;
}

/** What a page costs among all the tasks there are, whatever is asked for; every filter by itself and together. */
export async function listing(queue: TaskQueue, url: string, schema: string): Promise<Listing> {
  const client = new Client(url);
  await client.connect();
  await client.query(`ANALYZE ${schema}.tasks`);
  await client.end();
  // As a platform does four times a second: the counts are summed up.
  await queue.tend();
  const counts = await queue.counts();
  const rows = counts.reduce((sum, { count }) => sum + count, 0);
  const [middle] = await queue.list({ lane: 'request', limit: 1 });
  const nowMs = middle?.createdAtMs ?? Date.now();
  const base = { lane: 'request', limit: 100 } as const;
  const questions: readonly (readonly [string, TaskQuery])[] = [
    ['newest', base],
    ['a page far behind', { ...base, before: taskIdFrom(nowMs - 20_000) }],
    ['one tenant', { ...base, tenant: 'tenant 7' }],
    ['one model', { ...base, model: 'model 3' }],
    ['a state that nothing has', { ...base, state: 'dead' }],
    ['a tenant that nobody is', { ...base, tenant: 'nobody' }],
    ['tenant, model and state', { ...base, tenant: 'tenant 1', model: 'model 1', state: 'succeeded' }],
    ['until some time ago', { ...base, untilMs: nowMs - 20_000 }],
    [
      'tenant, from and until',
      { ...base, tenant: 'tenant 5', fromMs: nowMs - 30_000, untilMs: nowMs - 20_000 },
    ],
  ];
  const took: number[] = [];
  const table: string[][] = [];
  for (const [name, query] of questions) {
    const ms = await medianMs(() => queue.list(query));
    took.push(ms);
    table.push([name, ms.toFixed(1)]);
  }
  const countMs = await medianMs(() => queue.counts());
  printTable([[`100 of ${rows} tasks`, 'ms'], ...table, ['counts', countMs.toFixed(1)]]);
  return { listMsMax: Math.max(...took), countMs };
}
