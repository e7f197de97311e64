import type { Task } from '#schema';
import type { TasksDeps } from './deps.ts';
import { isOver } from './view.ts';

/** Without a hint, a task is looked at this often. */
const lookMs = 1000;

export interface Following {
  readonly id: string;
  /** Hears the task whenever it was looked at; undefined when it is gone. False ends the following. */
  readonly seen: (task: Task | undefined) => boolean;
}

/** Looks at a task when something is said to have happened to it, and from time to time. Returns how to stop. */
export function follow({ queue, clock, log }: TasksDeps, { id, seen }: Following): () => void {
  let stopped = false;
  let looking = false;
  let again = false;
  let cancelTimer: (() => void) | undefined;
  const unwatch = queue.watch((hint) => {
    if (hint.kind === 'changed' && hint.id === id) look();
  });
  function stop(): void {
    stopped = true;
    cancelTimer?.();
    unwatch();
  }
  async function lookOnce(): Promise<void> {
    try {
      const [task] = await queue.get([id]);
      if (!stopped && !seen(task)) stop();
    } catch (fault) {
      log.warn('task-unseen', { task: id, message: String(fault) });
    }
  }
  function look(): void {
    if (stopped) return;
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    cancelTimer?.();
    void lookOnce().finally(() => {
      looking = false;
      if (stopped) return;
      const soon = again;
      again = false;
      cancelTimer = clock.setTimer(soon ? 0 : lookMs, look);
    });
  }
  look();
  return stop;
}

/** The task once it is over, or as it is after so long; undefined when it is gone, or nobody waits any more. */
export function awaitEnd(
  deps: TasksDeps,
  id: string,
  wait: { readonly forMs: number; readonly onLeave: (left: () => void) => void },
): Promise<Task | undefined> {
  return new Promise((resolve) => {
    let last: Task | undefined;
    const stop = follow(deps, {
      id,
      seen(task) {
        last = task;
        if (task !== undefined && !isOver(task)) return true;
        done();
        return false;
      },
    });
    const cancelTimer = deps.clock.setTimer(wait.forMs, done);
    function done(): void {
      cancelTimer();
      stop();
      resolve(last);
    }
    wait.onLeave(done);
  });
}
