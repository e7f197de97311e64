import type { Clock } from '#contracts';

export interface VirtualClock extends Clock {
  /** Lets time pass: every timer fires at its moment, and what it sets off runs before the next one does. */
  advance(ms: number): Promise<void>;
  /** Lets everything run that waits for no timer. */
  settle(): Promise<void>;
}

/** So many turns of the event loop are enough for the longest chain of promises in the memory adapters. */
const settleTurns = 12;

async function settle(): Promise<void> {
  for (let turn = 0; turn < settleTurns; turn++)
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
}

/** Time that passes only when told to. Starts at a fixed date, so that a failing story can be told again. */
export function createVirtualClock(startMs = Date.UTC(2026, 0, 1)): VirtualClock {
  let elapsedMs = 0;
  let order = 0;
  const timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();

  const earliest = (untilMs: number): number | undefined => {
    let best: number | undefined;
    let bestMs = untilMs;
    for (const [id, { atMs }] of timers)
      if (atMs < bestMs || (atMs === bestMs && best === undefined)) [best, bestMs] = [id, atMs];
    return best;
  };

  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, callback) {
      const id = (order += 1);
      timers.set(id, { atMs: elapsedMs + Math.max(0, delayMs), callback });
      return () => void timers.delete(id);
    },
    settle,
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      for (let id = earliest(untilMs); id !== undefined; id = earliest(untilMs)) {
        const timer = timers.get(id);
        timers.delete(id);
        elapsedMs = timer?.atMs ?? elapsedMs;
        timer?.callback();
        await settle();
      }
      elapsedMs = untilMs;
    },
  };
}
