import type {
  Beat,
  ClaimWanted,
  Clock,
  Settlement,
  Steering,
  Submitted,
  TaskLimits,
  TaskQueue,
  Tended,
  Turns,
} from '#contracts';
import { ProblemError, type NewTask, type Task, type TaskLane } from '#schema';
import { createHints } from '../hints.ts';
import {
  admitted,
  beaten,
  blobsOf,
  claimed,
  deliveriesOf,
  isHeld,
  isReady,
  refuseMixed,
  refuseReuse,
  settled,
  steered,
  tended,
  withTurn,
} from '../task-rules.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { claimThrough, release, unlimited, type GateShelf } from '../gate.ts';
import { restoreTurns } from '../turns-kept.ts';
import { openTaskDatabase, problemOfQueue, type TaskDatabase } from './open-database.ts';
import { prepareTaskTable, type TaskTable } from './task-table.ts';

export interface SqliteQueueDeps {
  /** File of the database; its folder is made when missing. One process at a time. */
  readonly path: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly turns: Turns;
  readonly limits?: TaskLimits | undefined;
}

/** So many are tended to in one transaction: none may block the event loop for long. */
const tendMax = 200;

/** What one write does: inside a transaction, with the time it happens at. */
interface Desk {
  readonly table: TaskTable;
  readonly turns: Turns;
  readonly limits: TaskLimits;
  readonly nowMs: number;
  /** Remembers whom to tell, once it is on disk. */
  readonly touched: (task: Task) => void;
}

function submit({ table, turns, nowMs, touched }: Desk, tasks: readonly NewTask[]): readonly Submitted[] {
  refuseMixed(tasks);
  for (const task of tasks) {
    const twin = table.twin(task);
    if (twin) refuseReuse(task, twin);
  }
  return tasks.map((given) => {
    const twin = table.twin(given);
    if (twin) return { task: twin, fresh: false };
    const task = withTurn(admitted(given, nowMs), turns, nowMs);
    table.insert(task, nowMs);
    touched(task);
    return { task, fresh: true };
  });
}

/** Tasks of one lane, as a gate looks at them. */
function gateOf({ table, nowMs, touched }: Desk, lane: TaskLane): GateShelf {
  return {
    ready: (count) => table.ready(lane, count),
    working: (tenant) => table.working(lane, tenant),
    parked: (tenant, count) => table.parked(lane, tenant, count),
    put(task) {
      table.update(task, nowMs);
      touched(task);
    },
  };
}

function claim(desk: Desk, wanted: ClaimWanted): { readonly tasks: readonly Task[]; readonly more: boolean } {
  const { table, turns, nowMs, touched } = desk;
  function take(task: Task): Task {
    const mine = claimed(task, wanted, nowMs);
    turns.reached(mine);
    table.update(mine, nowMs);
    touched(mine);
    return mine;
  }
  const limits = wanted.lane === 'request' ? desk.limits : unlimited;
  return claimThrough(gateOf(desk, wanted.lane), limits, { count: wanted.count, take });
}

function beat({ table, nowMs, touched }: Desk, given: Beat): boolean {
  const task = table.find(given.id);
  if (task === undefined || !isHeld(task, given)) return false;
  const next = beaten(task, given, nowMs);
  table.update(next, nowMs);
  touched(next);
  return true;
}

/** Puts a changed task in its place, and with an end what tells of it. */
function keep({ table, turns, nowMs, touched }: Desk, task: Task): void {
  const placed = withTurn(task, turns, nowMs);
  table.update(placed, nowMs);
  touched(placed);
  for (const owed of deliveriesOf(task, nowMs)) {
    const delivery = withTurn(owed, turns, nowMs);
    table.insert(delivery, nowMs);
    touched(delivery);
  }
}

function settle(desk: Desk, { task, outcome }: Settlement): boolean {
  const now = desk.table.find(task.id);
  if (now === undefined || !isHeld(now, task)) return false;
  const next = settled(now, outcome, desk.nowMs);
  if (next) keep(desk, next);
  if (desk.limits.runningMaxOf(task.tenant) !== undefined)
    release(gateOf(desk, task.lane), desk.limits, { tenant: task.tenant, ended: 1 });
  return next !== undefined;
}

function steer(desk: Desk, id: string, event: Steering): Task | undefined {
  const task = desk.table.find(id);
  const next = task && steered(task, event, desk.nowMs);
  if (next) keep(desk, next);
  return next ?? task;
}

function tend(desk: Desk): Tended {
  const dropped: string[] = [];
  const due = desk.table.due(desk.nowMs, tendMax);
  for (const task of due) {
    const next = tended(task, desk.nowMs);
    if (next === 'gone') {
      desk.table.remove(task.id);
      dropped.push(...blobsOf(task));
    } else if (next) keep(desk, next);
  }
  for (const tenant of desk.table.parkedTenants()) release(gateOf(desk, 'request'), desk.limits, { tenant });
  return { dropped, more: due.length === tendMax };
}

function openGroup(opened: TaskDatabase): GroupCommit {
  const { database } = opened;
  return createGroupCommit({
    sync: () => opened.sync(),
    problemOf: (fault) => new ProblemError(problemOfQueue(fault)),
    atomically(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        work();
        database.exec('COMMIT');
      } catch (fault) {
        if (database.inTransaction) database.exec('ROLLBACK');
        throw fault;
      }
    },
  });
}

/** Tasks in one SQLite file. Throws a ProblemError when the file cannot be used. */
export async function createSqliteQueue(deps: SqliteQueueDeps): Promise<TaskQueue> {
  const { path, clock, turns, limits = unlimited } = deps;
  const opened = await openTaskDatabase(path);
  const table = prepareTaskTable(opened.database);
  restoreTurns(turns, table.turns());
  const hints = createHints();
  const group = openGroup(opened);

  async function write<T>(work: (desk: Desk) => T, how: 'write' | 'note' = 'write'): Promise<T> {
    const told: Task[] = [];
    const nowMs = clock.nowMs();
    const value = await group[how](() => {
      // It may be run a second time, after it was undone.
      told.length = 0;
      return work({ table, turns, limits, nowMs, touched: (task) => told.push(task) });
    });
    for (const task of told) {
      hints.tell({ kind: 'changed', id: task.id, state: task.state });
      if (isReady(task, nowMs)) hints.tell({ kind: 'ready', lane: task.lane });
    }
    return value;
  }

  return {
    submit: (tasks) => write((desk) => submit(desk, tasks)),
    // Forgotten in a power cut, a claim is made again: nobody who held it is left.
    async claim(wanted) {
      const { tasks, more } = await write((desk) => claim(desk, wanted), 'note');
      if (more) hints.tell({ kind: 'ready', lane: wanted.lane });
      return tasks;
    },
    beat: (beats) => write((desk) => beats.map((each) => beat(desk, each)), 'note'),
    settle: (settlements) => write((desk) => settlements.map((each) => settle(desk, each))),
    steer: (id, event) => write((desk) => steer(desk, id, event)),
    known: async (tenant, keys) => table.known(tenant, keys),
    get: async (ids) => ids.flatMap((id) => table.find(id) ?? []),
    list: async (query) => table.list(query),
    counts: async () => table.counts(),
    async tend() {
      // Called all the time, and most of the time for nothing: that must not cost a write.
      const isDue = table.due(clock.nowMs(), 1).length > 0 || table.parkedTenants().length > 0;
      return isDue ? write(tend) : { dropped: [], more: false };
    },
    watch: (listener) => hints.watch(listener),
    async close() {
      await group.close();
      await opened.close();
    },
  };
}
