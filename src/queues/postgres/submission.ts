import { z } from 'zod';
import type { Asking, Server } from '#postgres';
import type { Submitted, Turns } from '#contracts';
import { problem, ProblemError, type NewTask, type Task } from '#schema';
import { fromRow } from '../task-row.ts';
import { admitted, refuseReuse, withTurn } from '../task-rules.ts';
import { findTwins, insertTasks } from './statements.ts';

function idsOf(rows: readonly object[]): Set<string> {
  return new Set(rows.flatMap((row) => ('id' in row ? [String(row.id)] : [])));
}

interface Desk {
  readonly server: Server;
  readonly turns: Turns;
}

/** Without idempotency keys nothing can stand in the way: those of many callers go in together. */
export async function addPlain(
  { server, turns }: Desk,
  tasks: readonly NewTask[],
  nowMs: number,
): Promise<readonly Submitted[]> {
  const all = tasks.map((task) => withTurn(admitted(task, nowMs), turns, nowMs));
  await server.ask(insertTasks(all, nowMs));
  return all.map((task) => ({ task, fresh: true }));
}

function keyOf({ tenant, idempotencyKey = '' }: NewTask): string {
  return `${tenant}\n${idempotencyKey}`;
}

async function twinsOf(ask: Asking, tasks: readonly NewTask[]): Promise<ReadonlyMap<string, Task>> {
  const keyed = tasks.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
  if (keyed.length === 0) return new Map();
  const keys = keyed.map(({ idempotencyKey = '' }) => idempotencyKey);
  const rows = await ask(
    findTwins(
      keyed.map(({ tenant }) => tenant),
      keys,
    ),
  );
  return new Map(rows.map(fromRow).map((task) => [keyOf(task), task]));
}

const keyRows = z.array(z.object({ idempotency_key: z.string() }));

/** Which of these idempotency keys of a tenant there are. */
export async function knownKeys(
  { server }: Pick<Desk, 'server'>,
  tenant: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await server.ask({
    name: 'tasks-keys',
    text: 'SELECT idempotency_key FROM tasks WHERE tenant = $1 AND idempotency_key = ANY($2::text[])',
    values: [tenant, keys],
  });
  return new Set(keyRows.parse(rows).map((row) => row.idempotency_key));
}

/** Those that nobody has submitted yet, each key once. */
function newOnes(tasks: readonly NewTask[], twins: ReadonlyMap<string, Task>): readonly NewTask[] {
  const seen = new Set(twins.keys());
  return tasks.filter((task) => {
    if (task.idempotencyKey === undefined) return true;
    const isNew = !seen.has(keyOf(task));
    seen.add(keyOf(task));
    return isNew;
  });
}

/** With idempotency keys: one caller, one transaction, so that a refusal leaves nothing behind. */
export async function addKeyed(
  { server, turns }: Desk,
  tasks: readonly NewTask[],
  nowMs: number,
): Promise<readonly Submitted[]> {
  return server.atomically(async (ask) => {
    const known = await twinsOf(ask, tasks);
    // Only what is new takes a turn.
    const fresh = newOnes(tasks, known).map((task) => withTurn(admitted(task, nowMs), turns, nowMs));
    // Whoever else is just adding one of these keys is waited for here.
    const added = idsOf(await ask(insertTasks(fresh, nowMs)));
    const mine = new Map(fresh.filter(({ id }) => added.has(id)).map((task) => [task.id, task]));
    const others = tasks.filter(({ id }) => !mine.has(id));
    const twins = await twinsOf(ask, others);
    return tasks.map((given): Submitted => {
      const task = mine.get(given.id);
      if (task) return { task, fresh: true };
      const twin = twins.get(keyOf(given));
      if (twin === undefined) throw new ProblemError(problem('internal', `Task ${given.id} was not added.`));
      refuseReuse(given, twin);
      return { task: twin, fresh: false };
    });
  });
}
