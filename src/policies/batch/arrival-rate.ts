/** How fast requests come, smoothed. Plain data, renewed rather than changed. */
export interface ArrivalRate {
  /** Requests counted up to `atMs`; undefined before the first look. */
  readonly counted: number | undefined;
  readonly atMs: number;
  /** Time the rate was learned over. */
  readonly spanMs: number;
  readonly perMs: number;
}

export interface ArrivalCount {
  readonly nowMs: number;
  /** Requests that ever came. */
  readonly arrivals: number;
}

/** Looks closer together than this share of the smoothing time are one look: a burst at one instant is no rate. */
const lookShare = 0.02;

export const noArrivals: ArrivalRate = { counted: undefined, atMs: 0, spanMs: 0, perMs: 0 };

/** A mean that forgets over `smoothMs`, and a plain mean until it has lasted that long. */
export function learnArrivalRate(
  before: ArrivalRate,
  { nowMs, arrivals }: ArrivalCount,
  smoothMs: number,
): ArrivalRate {
  if (before.counted === undefined) return { ...noArrivals, counted: arrivals, atMs: nowMs };
  const elapsedMs = nowMs - before.atMs;
  if (elapsedMs < smoothMs * lookShare) return before;
  const spanMs = Math.min(before.spanMs + elapsedMs, Math.max(smoothMs, elapsedMs));
  const now = (arrivals - before.counted) / elapsedMs;
  const perMs = before.perMs + (now - before.perMs) * (elapsedMs / spanMs);
  return { counted: arrivals, atMs: nowMs, spanMs: Math.min(spanMs, smoothMs), perMs };
}
