import { priorities, taskLanes, type Task, type TaskLane } from '#schema';
import { bandOf } from '../task-rules.ts';

const lowest = Number.NEGATIVE_INFINITY;

/** Where claims may begin to search, for each lane and band. */
export interface Frontier {
  readonly bands: readonly number[];
  /** Ranks to search everything from. */
  readonly start: readonly number[];
  from(lane: TaskLane): readonly number[];
  /** Whether searching everything would search more. */
  isAhead(lane: TaskLane): boolean;
  /** A task has become ready, here or, as far as one hears of it, elsewhere. */
  became(task: Pick<Task, 'lane' | 'priority' | 'rank'>): void;
  claimed(tasks: readonly Task[]): void;
}

export function createFrontier(): Frontier {
  const bands = priorities.map((_, band) => band);
  const ranks = new Map(taskLanes.map((lane) => [lane, bands.map(() => lowest)]));
  const of = (lane: TaskLane): number[] => ranks.get(lane) ?? [];
  return {
    bands,
    start: bands.map(() => lowest),
    from: of,
    isAhead: (lane) => of(lane).some((rank) => rank !== lowest),
    became(task) {
      const [from, band] = [of(task.lane), bandOf(task)];
      from[band] = Math.min(from[band] ?? lowest, task.rank);
    },
    claimed(tasks) {
      for (const task of tasks) {
        const [from, band] = [of(task.lane), bandOf(task)];
        from[band] = Math.max(from[band] ?? lowest, task.rank);
      }
    },
  };
}
