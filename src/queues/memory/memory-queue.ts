import type {
  ClaimWanted,
  Clock,
  Settlement,
  Submitted,
  TaskLimits,
  Tended,
  TaskQueue,
  Turns,
} from '#contracts';
import type { NewTask, Task, TaskLane } from '#schema';
import { createHints, type Hints } from '../hints.ts';
import {
  admitted,
  bandOf,
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
  wakesAtMs,
  withoutPayloads,
  withTurn,
} from '../task-rules.ts';
import { claimThrough, release, unlimited, type GateShelf } from '../gate.ts';
import { countTasks, matches } from './look.ts';
import { createReadyList } from './ready-list.ts';

interface Shelf {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly ready: ReturnType<typeof createReadyList>;
  readonly nowMs: () => number;
  readonly turns: Turns;
  readonly hints: Hints;
  put(task: Task): void;
  remove(task: Task): void;
  /** Those that time has something to do with, longest due first. */
  due(nowMs: number): readonly Task[];
  /** The task that was submitted before under the same idempotency key. */
  twin(task: Keyed): Task | undefined;
}

type Keyed = Pick<NewTask, 'tenant' | 'idempotencyKey'>;

function keyOf({ tenant, idempotencyKey = '' }: Keyed): string {
  return `${tenant}\n${idempotencyKey}`;
}

function createShelf(nowMs: () => number, turns: Turns): Shelf {
  const tasks = new Map<string, Task>();
  const byKey = new Map<string, string>();
  const wakes = new Map<string, number>();
  const ready = createReadyList();
  const hints = createHints();
  return {
    tasks,
    ready,
    nowMs,
    turns,
    hints,
    put(task) {
      const before = tasks.get(task.id);
      if (before) ready.remove(before);
      tasks.set(task.id, task);
      wakes.set(task.id, wakesAtMs(task, nowMs()));
      if (task.idempotencyKey !== undefined) byKey.set(keyOf(task), task.id);
      if (isReady(task, nowMs())) {
        ready.add(task);
        hints.tell({ kind: 'ready', lane: task.lane });
      }
      hints.tell({ kind: 'changed', id: task.id, state: task.state });
    },
    remove(task) {
      tasks.delete(task.id);
      wakes.delete(task.id);
      if (task.idempotencyKey !== undefined) byKey.delete(keyOf(task));
    },
    due: (now) =>
      [...wakes]
        .filter(([, wakeMs]) => wakeMs <= now)
        .toSorted(([one, oneMs], [other, otherMs]) => oneMs - otherMs || (one < other ? -1 : 1))
        .flatMap(([id]) => tasks.get(id) ?? []),
    twin: (task) => (task.idempotencyKey === undefined ? undefined : tasks.get(byKey.get(keyOf(task)) ?? '')),
  };
}

/** Puts a task in its place, with its turn where it has become ready. */
function enter(shelf: Shelf, task: Task): Task {
  const placed = withTurn(task, shelf.turns, shelf.nowMs());
  shelf.put(placed);
  return placed;
}

function submit(shelf: Shelf, tasks: readonly NewTask[]): readonly Submitted[] {
  refuseMixed(tasks);
  for (const task of tasks) {
    const twin = shelf.twin(task);
    if (twin) refuseReuse(task, twin);
  }
  return tasks.map((given) => {
    const twin = shelf.twin(given);
    if (twin) return { task: twin, fresh: false };
    return { task: enter(shelf, admitted(given, shelf.nowMs())), fresh: true };
  });
}

/** Puts a changed task in its place, and with an end what tells of it. */
function keep(shelf: Shelf, task: Task): void {
  enter(shelf, task);
  for (const delivery of deliveriesOf(task, shelf.nowMs())) enter(shelf, delivery);
}

function settle(shelf: Shelf, { task, outcome }: Settlement): boolean {
  const now = shelf.tasks.get(task.id);
  if (now === undefined || !isHeld(now, task)) return false;
  const next = settled(now, outcome, shelf.nowMs());
  if (next) keep(shelf, next);
  return next !== undefined;
}

function tend(shelf: Shelf): Tended {
  const dropped: string[] = [];
  const nowMs = shelf.nowMs();
  for (const task of shelf.due(nowMs)) {
    const next = tended(task, nowMs);
    if (next === 'gone') {
      shelf.remove(task);
      dropped.push(...blobsOf(task));
    } else if (next) keep(shelf, next);
  }
  return { dropped, more: false };
}

/** Tasks of one lane, as a gate looks at them. */
function gateOf(shelf: Shelf, lane: TaskLane): GateShelf {
  const those = (tenant: string) =>
    [...shelf.tasks.values()].filter((task) => task.lane === lane && task.tenant === tenant);
  return {
    ready: (count) => shelf.ready.first(lane, count).flatMap((id) => shelf.tasks.get(id) ?? []),
    working: (tenant) =>
      those(tenant).filter(({ state }) => state === 'leased' || state === 'running').length,
    parked: (tenant, count) =>
      those(tenant)
        .filter((task) => task.parked === true)
        .toSorted(
          (one, other) =>
            bandOf(one) - bandOf(other) || one.rank - other.rank || (one.id < other.id ? -1 : 1),
        )
        .slice(0, count),
    put: (task) => shelf.put(task),
  };
}

function parkedTenants(shelf: Shelf): ReadonlySet<string> {
  return new Set(
    [...shelf.tasks.values()].filter((task) => task.parked === true).map(({ tenant }) => tenant),
  );
}

function claim(shelf: Shelf, wanted: ClaimWanted, limits: TaskLimits): readonly Task[] {
  function take(task: Task): Task {
    const mine = claimed(task, wanted, shelf.nowMs());
    shelf.turns.reached(mine);
    shelf.put(mine);
    return mine;
  }
  const gate = wanted.lane === 'request' ? limits : unlimited;
  const { tasks, more } = claimThrough(gateOf(shelf, wanted.lane), gate, { count: wanted.count, take });
  if (more) shelf.hints.tell({ kind: 'ready', lane: wanted.lane });
  return tasks;
}

export interface MemoryQueueDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly turns: Turns;
  readonly limits?: TaskLimits | undefined;
}

/** Tasks for as long as the process lives. What the adapters with a disk are held to. */
export function createMemoryQueue({ clock, turns, limits = unlimited }: MemoryQueueDeps): TaskQueue {
  const shelf = createShelf(() => clock.nowMs(), turns);
  const { tasks } = shelf;
  const found = (ids: readonly string[]): Task[] => ids.flatMap((id) => tasks.get(id) ?? []);
  return {
    submit: async (given) => submit(shelf, given),
    claim: async (wanted) => claim(shelf, wanted, limits),
    beat: async (beats) =>
      beats.map((beat) => {
        const task = tasks.get(beat.id);
        if (task === undefined || !isHeld(task, beat)) return false;
        shelf.put(beaten(task, beat, shelf.nowMs()));
        return true;
      }),
    async settle(settlements) {
      const kept = settlements.map((one) => settle(shelf, one));
      for (const { task } of settlements)
        release(gateOf(shelf, task.lane), limits, { tenant: task.tenant, ended: 1 });
      return kept;
    },
    async steer(id, event) {
      const task = tasks.get(id);
      const next = task && steered(task, event, shelf.nowMs());
      if (next) keep(shelf, next);
      return next ?? task;
    },
    known: async (tenant, keys) =>
      new Set(keys.filter((idempotencyKey) => shelf.twin({ tenant, idempotencyKey }) !== undefined)),
    get: async (ids) => found(ids),
    list: async (query) =>
      [...tasks.values()]
        .filter((task) => matches(task, query))
        .toSorted((one, other) => (one.id < other.id ? 1 : -1))
        .slice(0, query.limit)
        .map(withoutPayloads),
    counts: async () => countTasks(tasks.values()),
    async tend() {
      const done = tend(shelf);
      for (const tenant of parkedTenants(shelf)) release(gateOf(shelf, 'request'), limits, { tenant });
      return done;
    },
    watch: (listener) => shelf.hints.watch(listener),
    close: async () => undefined,
  };
}
