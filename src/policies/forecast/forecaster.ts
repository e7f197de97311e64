/** A value and its moment. */
export interface Seen {
  readonly atMs: number;
  readonly value: number;
}

/** Knows a series so far and tells how it goes on. It never changes: what it has seen more is another one. */
export interface Forecaster {
  readonly name: string;
  see(sample: Seen): Forecaster;
  /** What the series will be so long after the last sample, never below 0; undefined while nothing was seen. */
  ahead(byMs: number): number | undefined;
}

/** Between samples, where there was none before. */
export const firstGapMs = 10_000;

/** The weight of a new value in a mean over about `spanMs`, when the last one was so long ago. */
export function weightOf(gapMs: number, spanMs: number): number {
  return -Math.expm1(-Math.max(0, gapMs) / spanMs);
}
