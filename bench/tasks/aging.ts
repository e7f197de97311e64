import { Client } from 'pg';
import type { TaskQueue } from '#contracts';
import { benchTask, drainQueue } from './millrace.ts';

/** So many tasks from submission to end, a second. */
async function cycle(queue: TaskQueue, count: number): Promise<number> {
  const beganMs = performance.now();
  for (let at = 0; at < count; at += 500)
    await Promise.all([queue.submit(Array.from({ length: 500 }, () => benchTask())), drainQueue(queue)]);
  await drainQueue(queue);
  return count / ((performance.now() - beganMs) / 1000);
}

/**
 * Throughput after very many tasks as a share of what it was, with a transaction open from the start: while it is,
 * nothing that is updated or deleted can be cleared away.
 */
export async function aging(queue: TaskQueue, url: string, count: number): Promise<number> {
  const sample = Math.min(20_000, count / 4);
  await cycle(queue, 2000);
  const fresh = await cycle(queue, sample);
  const reader = new Client(url);
  await reader.connect();
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await reader.query('SELECT count(*) FROM pg_class');
  const all = await cycle(queue, count);
  const aged = await cycle(queue, sample);
  await reader.query('ROLLBACK');
  await reader.end();
  console.log(
    `Through ${count} tasks with a transaction open: ${fresh.toFixed(0)}/s fresh, ${all.toFixed(0)}/s on average, ${aged.toFixed(0)}/s in the end.`,
  );
  return aged / fresh;
}
