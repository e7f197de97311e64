import type { Rng } from '#contracts';
import { drawGap } from './draw.ts';
import { amountIn, nothingFrom, numberIn, required, rowsOf, wrongRow, type Row } from './rows.ts';

/** A rate over time: constant from each moment to the next. */
export interface RatePoint {
  readonly fromMs: number;
  readonly ratePerS: number;
}

function rateIn(row: Row, windowS: number): number {
  const perMinute = amountIn(row, 'rpm_mid', 'rpm');
  if (perMinute !== undefined) return perMinute / 60;
  const perSecond = amountIn(row, 'rate_per_s', 'rps');
  const names = ['requests', 'rpm_mid', 'rate_per_s'];
  return perSecond ?? required(row, amountIn(row, 'requests'), names) / windowS;
}

function momentIn(row: Row): number {
  const minutes = numberIn(row, 't_min');
  return minutes === undefined ? required(row, numberIn(row, 't_s'), ['t_s', 't_min']) : minutes * 60;
}

const singleWindowS = 60;

/** Reads windows that begin at `t_s` (or `t_min`) with their requests or their rate. */
export function readRateCurve(path: string, fromS = 0): readonly RatePoint[] {
  const rows = [...rowsOf(path)];
  const moments = rows.map(momentIn);
  for (const [at, row] of rows.entries())
    if (at > 0 && (moments[at] ?? 0) <= (moments[at - 1] ?? 0))
      throw wrongRow(row, 'begins no later than the one before it: sort the file by its times');
  const [firstS = 0, secondS = firstS + singleWindowS] = moments;
  const curve = rows
    .map((row, at) => ({
      fromMs: ((moments[at] ?? 0) - Math.max(fromS, firstS)) * 1000,
      ratePerS: rateIn(row, secondS - firstS),
    }))
    .filter(({ fromMs }) => fromMs >= 0);
  if (curve.length === 0) throw nothingFrom(path, fromS, 'window');
  return curve;
}

/** When the window at that place ends: the last one is as long as the one before it. */
function endOf(curve: readonly RatePoint[], at: number): number {
  const [before, { fromMs } = { fromMs: 0 }, next] = [curve[at - 1], curve[at], curve[at + 1]];
  const lengthMs = before === undefined ? singleWindowS * 1000 : fromMs - before.fromMs;
  return next?.fromMs ?? fromMs + lengthMs;
}

/**
 * Moments whose density follows the curve. Gaps are drawn in expected requests, not in time: where the rate is twice
 * as high they pass twice as fast. Ends with the curve.
 */
export function* momentsOf(curve: readonly RatePoint[], cv: number, rng: Rng): Generator<number, undefined> {
  let left = drawGap(rng, cv);
  for (const [at, { fromMs, ratePerS }] of curve.entries()) {
    const untilMs = endOf(curve, at);
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
