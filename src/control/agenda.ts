import type { Clock } from '#contracts';

/** One alarm for each key: when it is to be looked at again. */
export interface Agenda {
  /** Sets the alarm of a key; the earlier of this and the one that is set counts. */
  set(key: string, afterMs: number): void;
  clear(key: string): void;
  has(key: string): boolean;
  clearAll(): void;
}

export function createAgenda(clock: Clock, due: (key: string) => void): Agenda {
  const alarms = new Map<string, { readonly atMs: number; readonly cancel: () => void }>();
  const clear = (key: string): void => {
    alarms.get(key)?.cancel();
    alarms.delete(key);
  };
  return {
    set(key, afterMs) {
      const atMs = clock.monotonicMs() + afterMs;
      const alarm = alarms.get(key);
      if (alarm !== undefined && alarm.atMs <= atMs) return;
      clear(key);
      const cancel = clock.setTimer(afterMs, () => {
        alarms.delete(key);
        due(key);
      });
      alarms.set(key, { atMs, cancel });
    },
    clear,
    has: (key) => alarms.has(key),
    clearAll() {
      for (const key of alarms.keys()) clear(key);
    },
  };
}
