import { createVirtualClock as createSimClock, type VirtualClock as SimClock } from '#sim/clock';

/** The simulator's clock, for stories with promises in them. */
export interface VirtualClock extends SimClock {
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

export function createVirtualClock(startMs?: number): VirtualClock {
  const clock = createSimClock(startMs);
  return {
    ...clock,
    settle,
    async advance(ms) {
      const untilMs = clock.monotonicMs() + ms;
      await settle();
      for (let at = clock.nextMs(); at !== undefined && at <= untilMs; at = clock.nextMs()) {
        clock.step();
        await settle();
      }
      clock.runUntil(untilMs);
    },
  };
}
