import type { Clock, Settlement, Submitted, Tended, TaskQueue } from '#contracts';
import type { NewTask, Task } from '#schema';
import { createHints, type Hints } from '../hints.ts';
import {
  admitted,
  beaten,
  blobsOf,
  claimed,
  deliveryOf,
  isHeld,
  isReady,
  refuseReuse,
  settled,
  steered,
  tended,
  withoutPayloads,
} from '../task-rules.ts';
import { countTasks, matches } from './look.ts';
import { createReadyList } from './ready-list.ts';

interface Shelf {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly ready: ReturnType<typeof createReadyList>;
  readonly nowMs: () => number;
  readonly hints: Hints;
  put(task: Task): void;
  remove(task: Task): void;
  /** The task that was submitted before under the same idempotency key. */
  twin(task: NewTask): Task | undefined;
}

function keyOf({ tenant, idempotencyKey = '' }: NewTask): string {
  return `${tenant}\n${idempotencyKey}`;
}

function createShelf(nowMs: () => number): Shelf {
  const tasks = new Map<string, Task>();
  const byKey = new Map<string, string>();
  const ready = createReadyList();
  const hints = createHints();
  return {
    tasks,
    ready,
    nowMs,
    hints,
    put(task) {
      const before = tasks.get(task.id);
      if (before) ready.remove(before);
      tasks.set(task.id, task);
      if (task.idempotencyKey !== undefined) byKey.set(keyOf(task), task.id);
      if (isReady(task, nowMs())) {
        ready.add(task);
        hints.tell({ kind: 'ready', lane: task.lane });
      }
      hints.tell({ kind: 'changed', id: task.id, state: task.state });
    },
    remove(task) {
      tasks.delete(task.id);
      if (task.idempotencyKey !== undefined) byKey.delete(keyOf(task));
    },
    twin: (task) => (task.idempotencyKey === undefined ? undefined : tasks.get(byKey.get(keyOf(task)) ?? '')),
  };
}

function submit(shelf: Shelf, tasks: readonly NewTask[]): readonly Submitted[] {
  for (const task of tasks) {
    const twin = shelf.twin(task);
    if (twin) refuseReuse(task, twin);
  }
  return tasks.map((given) => {
    const twin = shelf.twin(given);
    if (twin) return { task: twin, fresh: false };
    const task = admitted(given, shelf.nowMs());
    shelf.put(task);
    return { task, fresh: true };
  });
}

/** Puts a changed task in its place, and with an end what tells of it. */
function keep(shelf: Shelf, task: Task): void {
  shelf.put(task);
  const delivery = deliveryOf(task, shelf.nowMs());
  if (delivery) shelf.put(delivery);
}

function settle(shelf: Shelf, { task, outcome }: Settlement): boolean {
  const now = shelf.tasks.get(task.id);
  if (now === undefined || !isHeld(now, task.token)) return false;
  const next = settled(now, outcome, shelf.nowMs());
  if (next) keep(shelf, next);
  return next !== undefined;
}

function tend(shelf: Shelf): Tended {
  const dropped: string[] = [];
  for (const task of shelf.tasks.values()) {
    const next = tended(task, shelf.nowMs());
    if (next === 'gone') {
      shelf.remove(task);
      dropped.push(...blobsOf(task));
    } else if (next && (next !== task || !shelf.ready.has(task))) keep(shelf, next);
  }
  return { dropped, more: false };
}

/** Tasks for as long as the process lives. What the adapters with a disk are held to. */
export function createMemoryQueue({ clock }: { readonly clock: Pick<Clock, 'nowMs'> }): TaskQueue {
  const shelf = createShelf(() => clock.nowMs());
  const { tasks, ready } = shelf;
  const found = (ids: readonly string[]): Task[] => ids.flatMap((id) => tasks.get(id) ?? []);
  return {
    submit: async (given) => submit(shelf, given),
    async claim(wanted) {
      const picked = found(ready.first(wanted.lane, wanted.count));
      const mine = picked.map((task) => claimed(task, wanted, shelf.nowMs()));
      for (const task of mine) shelf.put(task);
      return mine;
    },
    beat: async (beats) =>
      beats.map((beat) => {
        const task = tasks.get(beat.id);
        if (task === undefined || !isHeld(task, beat.token)) return false;
        shelf.put(beaten(task, beat, shelf.nowMs()));
        return true;
      }),
    settle: async (settlements) => settlements.map((one) => settle(shelf, one)),
    async steer(id, event) {
      const task = tasks.get(id);
      const next = task && steered(task, event, shelf.nowMs());
      if (next) keep(shelf, next);
      return next ?? task;
    },
    get: async (ids) => found(ids),
    list: async (query) =>
      [...tasks.values()]
        .filter((task) => matches(task, query))
        .toSorted((one, other) => (one.id < other.id ? 1 : -1))
        .slice(0, query.limit)
        .map(withoutPayloads),
    counts: async () => countTasks(tasks.values()),
    tend: async () => tend(shelf),
    watch: (listener) => shelf.hints.watch(listener),
    close: async () => undefined,
  };
}
