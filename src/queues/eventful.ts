import type { Clock, TaskQueue } from '#contracts';
import { arrivalOf } from './task-rules.ts';

interface EventfulDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Where it is told that a task was handed in, and that it has ended. */
  readonly arrivals: string;
  readonly ends: string;
}

/**
 * A queue that tells of every request: each is handed in together with the task that tells of it, all or none, and
 * knows who wants to hear of its end. What was handed in before tells nothing again: nobody finds the new id.
 */
export function createEventfulQueue(queue: TaskQueue, { clock, arrivals, ends }: EventfulDeps): TaskQueue {
  return {
    ...queue,
    async submit(tasks) {
      const wanted = tasks.map((task) => (task.lane === 'request' ? { ...task, events: ends } : task));
      const told = wanted.filter(({ lane }) => lane === 'request');
      const news = told.map((task) => arrivalOf(task, arrivals, clock.nowMs()));
      return (await queue.submit([...wanted, ...news])).slice(0, tasks.length);
    },
  };
}
