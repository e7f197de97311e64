import type { TaskHint } from '#contracts';

export interface Hints {
  watch(listener: (hint: TaskHint) => void): () => void;
  tell(hint: TaskHint): void;
}

/** Tells listeners here. Outside of what is told of: a listener that submits must not find the queue half written. */
export function createHints(): Hints {
  const listeners = new Set<(hint: TaskHint) => void>();
  return {
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(hint) {
      queueMicrotask(() => {
        for (const listener of listeners) listener(hint);
      });
    },
  };
}
