import type { Asking, Server } from '#postgres';
import type { Submitted } from '#contracts';
import type { NewTask, Task } from '#schema';
import { fromRow } from '../task-row.ts';
import { admitted, refuseReuse } from '../task-rules.ts';
import { findTwins, insertTasks } from './statements.ts';

function idsOf(rows: readonly object[]): Set<string> {
  return new Set(rows.flatMap((row) => ('id' in row ? [String(row.id)] : [])));
}

/** Without idempotency keys nothing can stand in the way: those of many callers go in together. */
export async function addPlain(
  server: Server,
  tasks: readonly NewTask[],
  nowMs: number,
): Promise<readonly Submitted[]> {
  const all = tasks.map((task) => admitted(task, nowMs));
  await server.ask(insertTasks(all, nowMs));
  return all.map((task) => ({ task, fresh: true }));
}

function keyOf({ tenant, idempotencyKey = '' }: NewTask): string {
  return `${tenant}\n${idempotencyKey}`;
}

async function twinsOf(ask: Asking, tasks: readonly NewTask[]): Promise<ReadonlyMap<string, Task>> {
  const keyed = tasks.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
  const keys = keyed.map(({ idempotencyKey = '' }) => idempotencyKey);
  const rows = await ask(
    findTwins(
      keyed.map(({ tenant }) => tenant),
      keys,
    ),
  );
  return new Map(rows.map(fromRow).map((task) => [keyOf(task), task]));
}

/** With idempotency keys: one caller, one transaction, so that a refusal leaves nothing behind. */
export async function addKeyed(
  server: Server,
  tasks: readonly NewTask[],
  nowMs: number,
): Promise<readonly Submitted[]> {
  const all = tasks.map((task) => admitted(task, nowMs));
  return server.atomically(async (ask) => {
    // Whoever else is just adding one of these keys is waited for here.
    const added = idsOf(await ask(insertTasks(all, nowMs)));
    const others = all.filter(({ id }) => !added.has(id));
    const twins = others.length === 0 ? new Map<string, Task>() : await twinsOf(ask, others);
    return all.map((task): Submitted => {
      const twin = added.has(task.id) ? undefined : twins.get(keyOf(task));
      if (twin === undefined) return { task, fresh: true };
      refuseReuse(task, twin);
      return { task: twin, fresh: false };
    });
  });
}
