import type { Asking, Server } from '#postgres';
import type { Tended, Turns } from '#contracts';
import type { Task } from '#schema';
import { fromRow } from '../task-row.ts';
import { blobsOf, deliveriesOf, tended, withTurn } from '../task-rules.ts';
import { sumUpCounts } from './listing.ts';
import { insertTasks, lockDue, removeTasks, rewriteTasks } from './statements.ts';

const tendMax = 500;
/** What was due longer ago has been seen to; everything is looked through again after so long. */
const lookBackMs = 60_000;
const sumUpMs = 10_000;

/** Writes tasks that are locked, with what their ends bring forth: the tasks in their order, then that. */
export async function rewrite(
  ask: Asking,
  tasks: readonly Task[],
  { turns, nowMs }: { readonly turns: Turns; readonly nowMs: number },
): Promise<readonly Task[]> {
  if (tasks.length === 0) return [];
  const placed: Task[] = [];
  const owed: Task[] = [];
  for (const task of tasks) {
    placed.push(withTurn(task, turns, nowMs));
    for (const delivery of deliveriesOf(task, nowMs)) owed.push(withTurn(delivery, turns, nowMs));
  }
  await ask(rewriteTasks(placed, nowMs));
  if (owed.length > 0) await ask(insertTasks(owed, nowMs));
  return [...placed, ...owed];
}

export interface TendingDeps {
  readonly server: Server;
  readonly turns: Turns;
  readonly nowMs: () => number;
  /** Hears of every task that was written. */
  readonly touched: (tasks: readonly Task[]) => void;
}

export function createTending({ server, turns, nowMs, touched }: TendingDeps): () => Promise<Tended> {
  let allAtMs = Number.NEGATIVE_INFINITY;
  let summedAtMs = Number.NEGATIVE_INFINITY;

  async function tendSome(fromMs: number): Promise<Tended> {
    const now = nowMs();
    let written: readonly Task[] = [];
    const done = await server.atomically(async (ask): Promise<Tended> => {
      const due = (await ask(lockDue({ fromMs, nowMs: now, limit: tendMax }))).map(fromRow);
      const next = due.map((task) => ({ task, after: tended(task, now) }));
      const gone = next.filter(({ after }) => after === 'gone').map(({ task }) => task);
      const kept = next.flatMap(({ after }) => (after === undefined || after === 'gone' ? [] : [after]));
      if (gone.length > 0) await ask(removeTasks(gone.map(({ id }) => id)));
      written = await rewrite(ask, kept, { turns, nowMs: now });
      return { dropped: gone.flatMap(blobsOf), more: due.length === tendMax };
    });
    touched(written);
    return done;
  }

  return async () => {
    const now = nowMs();
    const isAll = now - allAtMs >= lookBackMs || now < allAtMs;
    if (isAll) allAtMs = now;
    if (now - summedAtMs >= sumUpMs || now < summedAtMs) {
      summedAtMs = now;
      await sumUpCounts(server);
    }
    return tendSome(isAll ? Number.NEGATIVE_INFINITY : now - lookBackMs);
  };
}
