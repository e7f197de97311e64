import type { Clock } from '#contracts';

/** The machine's time. Timers never keep a process alive that has nothing else to do. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimer(delayMs, callback) {
      // Node fires timers beyond 2^31 - 1 ms at once: nobody waits 24 days, so later is soon enough.
      const timer = setTimeout(callback, Math.min(delayMs, 2_147_483_647));
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
