import { clairvoyantCost } from './fluid.ts';
import { boundOf, daysOf, meanOf, type Row } from './measure.ts';
import type { LoadTrace } from './traces.ts';

/** Whoever keeps idle replicas longer starts fewer: the least that is paid with so many starts and stops a day. */
function clairvoyantWith(rates: Float64Array, coldStartMs: number, changesPerDay: number): number {
  const most = changesPerDay * daysOf(rates);
  let [low, high] = [coldStartMs, 86_400_000];
  for (let round = 0; round < 12; round++) {
    const keepMs = Math.sqrt(low * high);
    if (clairvoyantCost(rates, { coldStartMs, keepMs }).changes > most) low = keepMs;
    else high = keepMs;
  }
  return clairvoyantCost(rates, { coldStartMs, keepMs: high }).paid / boundOf(rates);
}

/** What it would cost with as few starts and stops as that policy takes, were the future known. */
export function clairvoyantRatio({ loads }: Row, traces: readonly LoadTrace[], coldStartMs: number): number {
  return meanOf(
    traces.map(({ report }, at) => clairvoyantWith(report, coldStartMs, loads[at]?.churn ?? NaN)),
  );
}
