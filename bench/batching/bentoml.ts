import type { Batcher, Cell } from './world.ts';

/** What is remembered of a batch: its size, how long it took, how long its requests had waited. */
interface Sample {
  readonly size: number;
  readonly tookMs: number;
  readonly waitedMs: number;
}

const kept = 50;
const refreshMs = 5000;
const tickMs = 1;

/** Least squares of `tookMs = a · size + b`. */
function fit(samples: readonly Sample[]): { a: number; b: number } {
  let [x, y, xx, xy] = [0, 0, 0, 0];
  for (const { size, tookMs } of samples) {
    x += size;
    y += tookMs;
    xx += size * size;
    xy += size * tookMs;
  }
  const n = samples.length;
  const spread = n * xx - x * x;
  if (spread < 1e-9) return { a: Math.max(1e-3, y / (x + n)), b: Math.max(0, y / (x + n)) };
  const a = (n * xy - x * y) / spread;
  return { a: Math.max(1e-3, a), b: Math.max(0, (y - a * x) / n) };
}

/**
 * As BentoML 1.x does it (`_internal/marshal/dispatcher.py`), without its training by the first requests: a curve
 * fitted to the last 50 batches at most every 5 s; it waits in ticks of 1 ms while n · (age of the newest + tick + a)
 * is at most 0.95 of the usual wait, and refuses the oldest while all that wait would be too late for it.
 */
export function bentoml(cell: Cell): Batcher {
  let samples: Sample[] = [];
  let params = { a: (cell.objectiveMs * 2) / 30, b: cell.objectiveMs / 30 };
  let usualWaitMs = 10;
  let nextRefreshMs = 0;
  let nowMs = 0;
  return {
    polls: true,
    decide(view) {
      ({ nowMs } = view);
      const { waiting, idle } = view;
      const n = waiting.length;
      const oldestMs = nowMs - (waiting[0] ?? 0);
      const newestMs = nowMs - (waiting[n - 1] ?? 0);
      const isLate = oldestMs + params.a * n + params.b >= cell.objectiveMs;
      const isOver = idle === 0 && oldestMs >= cell.objectiveMs;
      if (n > 1 ? isLate : isOver) return { kind: 'drop', count: 1 };
      const isWorthIt = n < cell.sizeMax && n * (newestMs + tickMs + params.a) <= usualWaitMs * 0.95;
      if (idle === 0 || isWorthIt) return { kind: 'wait', untilMs: nowMs + tickMs };
      return { kind: 'send', from: 0, size: Math.min(n, cell.sizeMax) };
    },
    learn(sample) {
      samples = [...samples.slice(1 - kept), sample];
      if (nowMs < nextRefreshMs) return;
      nextRefreshMs = nowMs + refreshMs;
      params = fit(samples);
      usualWaitMs = samples.reduce((sum, one) => sum + one.waitedMs, 0) / samples.length;
    },
  };
}
