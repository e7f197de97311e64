import type { Log } from '#contracts';
import type { ThreadSpec } from './thread-spec.ts';
import { createStepThread, type StepThread } from './thread.ts';

/** A thread that nobody uses is ended after this; what changed in its files is seen by the next. */
const idleMs = 30_000;

export interface Held {
  readonly thread: StepThread;
  users: number;
  idleTimer: NodeJS.Timeout | undefined;
}

export interface HeldThreads {
  /** The thread of this key, started when there is none. */
  enter(key: string, spec: ThreadSpec): Held;
  leave(key: string, held: Held): void;
  close(): Promise<void>;
}

/** Threads by key, for as long as somebody uses them and a while longer. */
export function createHeldThreads(log: Log): HeldThreads {
  const threads = new Map<string, Held>();
  return {
    enter(key, spec) {
      let held = threads.get(key);
      if (held === undefined) {
        held = { thread: createStepThread(spec, log), users: 0, idleTimer: undefined };
        threads.set(key, held);
      }
      clearTimeout(held.idleTimer);
      held.users += 1;
      return held;
    },
    leave(key, held) {
      held.users -= 1;
      if (held.users > 0) return;
      held.idleTimer = setTimeout(() => {
        threads.delete(key);
        void held.thread.close();
      }, idleMs).unref();
    },
    async close() {
      const all = [...threads.values()];
      threads.clear();
      for (const held of all) clearTimeout(held.idleTimer);
      await Promise.all(all.map(({ thread }) => thread.close()));
    },
  };
}
