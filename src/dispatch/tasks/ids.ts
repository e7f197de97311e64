import type { Clock, Rng } from '#contracts';

/** Ids sort by time, also those of one millisecond, and cannot be guessed. */
export function createIds({
  clock,
  rng,
}: {
  readonly clock: Clock;
  readonly rng: Rng;
}): (prefix: string) => string {
  let lastMs = 0;
  let count = 0;
  return (prefix) => {
    const nowMs = Math.max(clock.nowMs(), lastMs);
    count = nowMs === lastMs ? count + 1 : 0;
    lastMs = nowMs;
    const order = nowMs.toString(16).padStart(12, '0') + count.toString(16).padStart(5, '0');
    return `${prefix}${order}${rng.secretHex(8)}`;
  };
}
