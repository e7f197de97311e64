import type { Rng } from '#contracts';
import { drawGap } from './draw.ts';
import { amountIn, nothingFrom, required, rowsOf, wrongRow, type Row } from './rows.ts';

/** A rate over time: constant from each moment to the next. */
export interface RatePoint {
  readonly fromMs: number;
  readonly ratePerS: number;
}

interface RateWindow extends RatePoint {
  readonly untilMs: number;
}

function rateIn(row: Row, windowS: number): number {
  const perMinute = amountIn(row, 'rpm_mid', 'rpm');
  if (perMinute !== undefined) return perMinute / 60;
  const perSecond = amountIn(row, 'rate_per_s', 'rps');
  const names = ['requests', 'rpm_mid', 'rate_per_s'];
  return perSecond ?? required(row, amountIn(row, 'requests'), names) / windowS;
}

function momentIn(row: Row): number {
  const minutes = amountIn(row, 't_min');
  return minutes === undefined ? required(row, amountIn(row, 't_s'), ['t_s', 't_min']) : minutes * 60;
}

const singleWindowS = 60;

/** Reads windows that begin at `t_s` (or `t_min`) with their requests or their rate. */
export function readRateCurve(path: string, fromS = 0): readonly RateWindow[] {
  const rows = [...rowsOf(path)];
  const moments = rows.map(momentIn);
  for (const [at, row] of rows.entries())
    if (at > 0 && (moments[at] ?? 0) <= (moments[at - 1] ?? 0))
      throw wrongRow(row, 'begins no later than the one before it: sort the file by its times');
  const beginS = Math.max(fromS, moments[0] ?? 0);
  const curve = rows.flatMap((row, at): readonly RateWindow[] => {
    const sinceS = (moments[at] ?? 0) - beginS;
    const lengthS = lengthAt(moments, at);
    const untilMs = (sinceS + lengthS) * 1000;
    return untilMs <= 0
      ? []
      : [{ fromMs: Math.max(0, sinceS) * 1000, untilMs, ratePerS: rateIn(row, lengthS) }];
  });
  if (curve.length === 0) throw nothingFrom(path, fromS, 'window');
  return curve;
}

/** A window lasts until the next begins; the last one is as long as the one before it. */
function lengthAt(moments: readonly number[], at: number): number {
  const [before, moment = 0, next] = [moments[at - 1], moments[at], moments[at + 1]];
  if (next !== undefined) return next - moment;
  return before === undefined ? singleWindowS : moment - before;
}

/**
 * Moments whose density follows the curve. Gaps are drawn in expected requests, not in time: where the rate is twice
 * as high they pass twice as fast. Ends with the curve.
 */
export function* momentsOf(curve: readonly RateWindow[], cv: number, rng: Rng): Generator<number, undefined> {
  let left = drawGap(rng, cv);
  for (const { fromMs, untilMs, ratePerS } of curve) {
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
