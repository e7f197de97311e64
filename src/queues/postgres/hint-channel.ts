import { z } from 'zod';
import { priorities, taskLanes, taskStates, type Task, type TaskLane, type TaskState } from '#schema';
import type { TaskHint, TurnOwner } from '#contracts';
import { createLine, type ServerAddress } from '#postgres';
import type { Hints } from '../hints.ts';

const lane = z.enum(taskLanes);
const priority = z.enum(priorities);
const shape = z.object({
  from: z.string(),
  /** Turns that were given: whose, the first of them, and what the last left as the next. */
  turns: z.array(z.tuple([lane, priority, z.string(), z.number(), z.number()])),
  /** How far claims have come. */
  reached: z.array(z.tuple([lane, priority, z.number()])),
  changed: z.array(z.tuple([z.string(), z.enum(taskStates)])),
});

/** A notification may have 8000 bytes; what does not fit is not told. */
const changedMax = 40;
const turnsMax = 30;

/** Ranks that a tenant was given: tasks with them are ready. */
export interface GivenTurns extends TurnOwner {
  readonly first: number;
  readonly next: number;
}

export type Reached = Pick<Task, 'lane' | 'priority' | 'rank'>;

/** What others have yet to be told. */
function createOutbox(origin: string) {
  const turns = new Map<string, GivenTurns>();
  const reached = new Map<string, Reached>();
  const changed = new Map<string, TaskState>();
  return {
    change(id: string, state: TaskState): void {
      if (changed.size < changedMax || changed.has(id)) changed.set(id, state);
    },
    give(task: Task): void {
      const { lane: where, priority: band, tenant, rank, stride } = task;
      const name = `${where} ${band} ${tenant}`;
      const before = turns.get(name);
      const [first, next] = [
        Math.min(before?.first ?? rank, rank),
        Math.max(before?.next ?? 0, rank + stride),
      ];
      if (before !== undefined || turns.size < turnsMax)
        turns.set(name, { lane: where, priority: band, tenant, first, next });
    },
    reach(one: Reached): void {
      const name = `${one.lane} ${one.priority}`;
      if (one.rank > (reached.get(name)?.rank ?? Number.NEGATIVE_INFINITY)) reached.set(name, one);
    },
    /** Everything as one notification; undefined when there is nothing. */
    take(): string | undefined {
      if (turns.size + changed.size + reached.size === 0) return undefined;
      const payload = JSON.stringify({
        from: origin,
        turns: [...turns.values()].map((one) => [one.lane, one.priority, one.tenant, one.first, one.next]),
        reached: [...reached.values()].map((one) => [one.lane, one.priority, one.rank]),
        changed: [...changed],
      });
      turns.clear();
      reached.clear();
      changed.clear();
      return payload;
    },
  };
}

/** Undefined where it is our own, or from another version, perhaps: hints are nothing to rely on. */
function read(payload: string, origin: string): z.infer<typeof shape> | undefined {
  try {
    const told = shape.parse(JSON.parse(payload));
    return told.from === origin ? undefined : told;
  } catch {
    return undefined;
  }
}

export interface HintChannelDeps {
  readonly address: ServerAddress;
  readonly hints: Hints;
  /** Tells this process from others. */
  readonly origin: string;
  /** What others say of turns. */
  readonly heard: { given(turns: GivenTurns): void; reached(one: Reached): void };
}

export interface HintChannel {
  /** Tells listeners in this process at once and those in others a little later. */
  changed(task: Task): void;
  /** The same of a task that has become ready and was given its turn. */
  ready(task: Task): void;
  /** There is more to claim than was claimed; for this process alone. */
  more(lane: TaskLane): void;
  /** How far claims have come: for other processes alone, with whatever else they are told next. */
  reached(one: Reached): void;
  close(): Promise<void>;
}

/**
 * Hints between processes, by LISTEN and NOTIFY on a connection of their own. Not in the transactions that change
 * tasks: a commit that notifies holds a lock over the whole server while it syncs. A hint that gets lost costs time only.
 */
export function createHintChannel({ address, hints, origin, heard }: HintChannelDeps): HintChannel {
  const outbox = createOutbox(origin);
  const line = createLine(address, 'tasks', (payload) => {
    const told = read(payload, origin);
    if (told) hear(told);
  });
  function hear({ turns, reached, changed }: z.infer<typeof shape>): void {
    for (const [where, band, tenant, first, next] of turns)
      heard.given({ lane: where, priority: band, tenant, first, next });
    for (const [where, band, rank] of reached) heard.reached({ lane: where, priority: band, rank });
    for (const where of new Set(turns.map(([each]) => each))) hints.tell({ kind: 'ready', lane: where });
    for (const [id, state] of changed) hints.tell({ kind: 'changed', id, state });
  }
  let sending: Promise<void> | undefined;
  /** One notification at a time: what is told in the meantime goes with the next. */
  async function send(): Promise<void> {
    // What is told in the same turn belongs together.
    await Promise.resolve();
    for (let payload = outbox.take(); payload !== undefined; payload = outbox.take())
      await line.notify(payload);
    sending = undefined;
  }
  function tell(hint: TaskHint): void {
    hints.tell(hint);
    sending ??= send();
  }
  return {
    changed(task) {
      outbox.change(task.id, task.state);
      tell({ kind: 'changed', id: task.id, state: task.state });
    },
    ready(task) {
      outbox.give(task);
      tell({ kind: 'ready', lane: task.lane });
    },
    more: (where) => hints.tell({ kind: 'ready', lane: where }),
    reached: (one) => outbox.reach(one),
    async close() {
      await sending;
      await line.close();
    },
  };
}
