import type { Rng } from '#contracts';
import { drawGap } from './draw.ts';
import { numberIn, requiredIn, rowsOf, type Row } from './rows.ts';

/** A rate over time: constant from each moment to the next. */
export interface RatePoint {
  readonly fromMs: number;
  readonly ratePerS: number;
}

function rateIn(path: string, row: Row, windowS: number): number {
  const perMinute = numberIn(row, 'rpm_mid', 'rpm');
  if (perMinute !== undefined) return perMinute / 60;
  const perSecond = numberIn(row, 'rate_per_s', 'rps');
  return perSecond ?? requiredIn(path, row, ['requests', 'rpm_mid', 'rate_per_s']) / windowS;
}

function momentIn(path: string, row: Row): number {
  const minutes = numberIn(row, 't_min');
  return minutes === undefined ? requiredIn(path, row, ['t_s', 't_min']) : minutes * 60;
}

/** Reads windows that begin at `t_s` (or `t_min`) with their requests or their rate. */
export function readRateCurve(path: string, fromS = 0): readonly RatePoint[] {
  const rows = [...rowsOf(path)];
  const moments = rows.map((row) => momentIn(path, row));
  const windowS = (moments[1] ?? 60) - (moments[0] ?? 0);
  return rows
    .map((row, at) => ({
      fromMs: ((moments[at] ?? 0) - Math.max(fromS, moments[0] ?? 0)) * 1000,
      ratePerS: rateIn(path, row, windowS),
    }))
    .filter(({ fromMs }) => fromMs >= 0);
}

/**
 * Moments whose density follows the curve. Gaps are drawn in expected requests, not in time: where the rate is twice
 * as high they pass twice as fast. Ends with the curve.
 */
export function* momentsOf(curve: readonly RatePoint[], cv: number, rng: Rng): Generator<number, undefined> {
  let left = drawGap(rng, cv);
  for (const [at, { fromMs, ratePerS }] of curve.entries()) {
    const next = curve[at + 1];
    const untilMs = next?.fromMs ?? fromMs + (fromMs - (curve[at - 1]?.fromMs ?? 0));
    if (ratePerS === 0) continue;
    const requestMs = 1000 / ratePerS;
    let atMs = fromMs;
    for (; atMs + left * requestMs < untilMs; left = drawGap(rng, cv)) {
      atMs += left * requestMs;
      yield atMs;
    }
    left -= (untilMs - atMs) / requestMs;
  }
  return undefined;
}
