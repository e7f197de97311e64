import type { Forecaster, Seen } from './forecaster.ts';
import { lineThrough } from './line.ts';

/** The straight line through the last while goes on. At most one sample for each look is kept. */
export function trend(spanMs: number, seen: readonly Seen[] = []): Forecaster {
  const last = seen.at(-1);
  return {
    name: 'trend',
    see(sample) {
      return trend(spanMs, [...seen.filter(({ atMs }) => atMs > sample.atMs - spanMs), sample]);
    },
    ahead(byMs) {
      if (last === undefined) return undefined;
      const { middle, middleMs, slopePerMs } = lineThrough(seen, last.atMs - spanMs);
      return Math.max(0, middle + slopePerMs * (last.atMs + byMs - middleMs));
    },
  };
}
