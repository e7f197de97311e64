import type { Clock } from '#contracts';
import { createEventHeap } from './event-heap.ts';

/** Time that passes only when told to: the simulator's and the tests'. */
export interface VirtualClock extends Clock {
  /** When the next timer is due, monotonic; undefined while none is set. */
  nextMs(): number | undefined;
  /** Goes to the next timer's moment and fires it. False when none is set. */
  step(): boolean;
  /** Fires everything that is due up to then, in order, and leaves the clock there. */
  runUntil(untilMs: number): void;
  /** Timers that are set. */
  pending(): number;
}

/** Runs began here, so that a story can be told again with the same dates. */
const epochMs = Date.UTC(2026, 0, 1);

export function createVirtualClock(startMs = epochMs): VirtualClock {
  const heap = createEventHeap();
  let elapsedMs = 0;

  function step(): boolean {
    const event = heap.pop();
    if (event === undefined) return false;
    elapsedMs = event.atMs;
    const { callback } = event;
    // Fired is as good as cancelled: a late cancel of it must not count again.
    event.callback = undefined;
    callback?.();
    return true;
  }

  const nextMs = (): number | undefined => heap.peek()?.atMs;

  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, callback) {
      const event = heap.push(elapsedMs + Math.max(0, delayMs), callback);
      return () => {
        heap.cancel(event);
      };
    },
    nextMs,
    step,
    runUntil(untilMs) {
      for (let at = nextMs(); at !== undefined && at <= untilMs; at = nextMs()) step();
      elapsedMs = Math.max(elapsedMs, untilMs);
    },
    pending: () => heap.size(),
  };
}
