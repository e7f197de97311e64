import { hasEnded, type LineCounts, type Task, type TaskState } from '#schema';
import type { Clock, TaskQueue } from '#contracts';

/** Hints get lost: so many of the longest open are asked after each time. */
const lookMax = 50;

/** The tasks of a batch that are under way. */
export interface OpenLines {
  readonly size: () => number;
  readonly counts: () => Pick<LineCounts, 'completed' | 'failed'>;
  readonly ids: () => readonly string[];
  /** Counts it, now or once it has ended. */
  take(task: Task): void;
  /** Waits until one has ended, or for so long. */
  changed(forMs: number): Promise<void>;
  /** Asks after some of them. */
  look(): Promise<void>;
  close(): void;
}

export function createOpenLines(queue: Pick<TaskQueue, 'get' | 'watch'>, clock: Clock): OpenLines {
  const open = new Set<string>();
  let completed = 0;
  let failed = 0;
  let wake: (() => void) | undefined;

  function ended(id: string, state: TaskState): void {
    if (!hasEnded(state) || !open.delete(id)) return;
    if (state === 'succeeded') completed += 1;
    else failed += 1;
    wake?.();
  }
  const unwatch = queue.watch((hint) => {
    if (hint.kind === 'changed') ended(hint.id, hint.state);
  });
  return {
    size: () => open.size,
    counts: () => ({ completed, failed }),
    ids: () => [...open],
    take({ id, state }) {
      open.add(id);
      ended(id, state);
    },
    changed(forMs) {
      return new Promise((resolve) => {
        const cancelTimer = clock.setTimer(forMs, done);
        function done(): void {
          cancelTimer();
          wake = undefined;
          resolve();
        }
        wake = done;
      });
    },
    async look() {
      const asked = [...open].slice(0, lookMax);
      const found = await queue.get(asked);
      const known = new Set(found.map(({ id }) => id));
      // One that is gone was not kept as long as it should have been.
      for (const id of asked) if (!known.has(id)) ended(id, 'dead');
      for (const { id, state } of found) {
        ended(id, state);
        // Asked after again once all others were.
        if (open.delete(id)) open.add(id);
      }
    },
    close() {
      unwatch();
      wake?.();
    },
  };
}
