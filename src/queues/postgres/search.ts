import { z } from 'zod';
import type { Server } from '#postgres';
import type { ClaimWanted, Clock, TaskQueue, Turns } from '#contracts';
import { priorities, taskLanes, type Task, type TaskLane } from '#schema';
import { fromRow } from '../task-row.ts';
import { bandOf } from '../task-rules.ts';
import type { Frontier } from './frontier.ts';
import type { HintChannel } from './hint-channel.ts';
import { claimTasks, firstReady } from './statements.ts';

/** Looking at everything takes this share of the time at most. */
const lookShare = 0.05;
/** What takes no longer is no burden: a claim may wait for it. */
const quickMs = 20;
/** So often at least: what nobody told us of may lie before. */
const lookAllMs = 1000;

interface LookPlan {
  /** Whether everything may be looked at: once in a while it must be, and sooner where there is nothing else to do. */
  isDue(nowMs: number, hasNothing: boolean): boolean;
  isQuick(): boolean;
  took(fromMs: number, toMs: number): void;
}

function createLookPlan(): LookPlan {
  let [mayMs, mustMs, lastMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  return {
    isDue: (nowMs, hasNothing) => nowMs >= mayMs && (hasNothing || nowMs >= mustMs),
    isQuick: () => lastMs < quickMs,
    took(fromMs, toMs) {
      lastMs = toMs - fromMs;
      mayMs = lastMs < quickMs ? toMs : toMs + lastMs / lookShare;
      mustMs = toMs + lookAllMs;
    },
  };
}

function inOrder(tasks: readonly Task[]): readonly Task[] {
  return tasks.toSorted(
    (one, other) => bandOf(one) - bandOf(other) || one.rank - other.rank || (one.id < other.id ? -1 : 1),
  );
}

const firstRows = z.array(z.object({ band: z.coerce.number(), rank: z.coerce.number() }));

export interface SearchDeps {
  readonly server: Server;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly turns: Turns;
  readonly frontier: Frontier;
  readonly channel: Pick<HintChannel, 'reached' | 'more'>;
}

/** Looks for what has become ready behind the frontier without a word to us, and draws the frontier back to it. */
function createLook({ server, clock, frontier, channel }: SearchDeps) {
  const looking = new Set<TaskLane>();
  async function look(lane: TaskLane): Promise<void> {
    const { bands } = frontier;
    const rows = firstRows.parse(
      await server.ask(firstReady({ lane, bands, belowRanks: frontier.from(lane) })),
    );
    for (const { band, rank } of rows) {
      const priority = priorities[band];
      if (priority !== undefined) frontier.became({ lane, priority, rank });
    }
    if (rows.length > 0) channel.more(lane);
  }
  return (lane: TaskLane, plan: LookPlan): void => {
    if (looking.has(lane)) return;
    looking.add(lane);
    const fromMs = clock.monotonicMs();
    // A server that is away is looked at again later.
    void look(lane)
      .catch(() => undefined)
      .finally(() => {
        plan.took(fromMs, clock.monotonicMs());
        looking.delete(lane);
      });
  };
}

/**
 * Takes the next from where the last claim ended. Everything before is looked at from time to time: in the way of a
 * claim while that is quick and there is nothing else to claim, else beside it.
 */
export function createSearch(deps: SearchDeps): TaskQueue['claim'] {
  const { server, clock, turns, frontier, channel } = deps;
  const plans = new Map(taskLanes.map((lane) => [lane, createLookPlan()]));
  const lookBeside = createLook(deps);

  async function search(wanted: ClaimWanted, fromRanks: readonly number[]): Promise<readonly Task[]> {
    const { lane, worker, leaseMs, count } = wanted;
    const { bands } = frontier;
    const nowMs = clock.nowMs();
    const rows = await server.ask(claimTasks({ lane, worker, leaseMs, count, nowMs, bands, fromRanks }));
    const tasks = inOrder(rows.map(fromRow));
    frontier.claimed(tasks);
    for (const task of tasks) {
      turns.reached(task);
      channel.reached(task);
    }
    return tasks;
  }
  async function searchAll(wanted: ClaimWanted, plan: LookPlan): Promise<readonly Task[]> {
    const fromMs = clock.monotonicMs();
    const all = await search(wanted, frontier.start);
    plan.took(fromMs, clock.monotonicMs());
    return all;
  }
  return async (wanted) => {
    const { lane } = wanted;
    const found = await search(wanted, [...frontier.from(lane)]);
    const plan = plans.get(lane);
    const hasNothing = found.length === 0;
    if (!frontier.isAhead(lane) || !plan?.isDue(clock.monotonicMs(), hasNothing)) return found;
    if (hasNothing && plan.isQuick()) return searchAll(wanted, plan);
    lookBeside(lane, plan);
    return found;
  };
}
