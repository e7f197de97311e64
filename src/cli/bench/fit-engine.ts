import { quantile } from './quantile.ts';

/** A measurement: at this many of something, so many milliseconds. */
export type Point = readonly [count: number, tookMs: number];

/** What a scenario of the simulator takes as `engine`, in milliseconds for each. */
export interface FittedEngine {
  readonly stepMs: number;
  readonly promptTokenMs: number;
  readonly sequenceMs: number;
  /** One way; the same back. */
  readonly networkMs: number;
}

export interface Measured {
  /** Prompt tokens against the time to the first token, one request at a time. */
  readonly reading: readonly Point[];
  /** Sequences at once against the time for each further token. */
  readonly writing: readonly Point[];
}

/** The median of what belongs to the same count: a pause of the machine spoils one round, not the fit. */
function medians(points: readonly Point[]): readonly Point[] {
  const byCount = new Map<number, number[]>();
  for (const [count, tookMs] of points) byCount.set(count, [...(byCount.get(count) ?? []), tookMs]);
  return [...byCount].map(([count, times]) => [count, quantile(times, 0.5)] as const);
}

/** Least squares of costs, of which none is below nothing; level where there is one count only. */
function fitLine(points: readonly Point[]): { readonly at0: number; readonly slope: number } {
  const sumOf = (value: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0);
  const [meanX, meanY] = [sumOf(([x]) => x) / points.length, sumOf(([, y]) => y) / points.length];
  const spread = sumOf(([x]) => (x - meanX) ** 2);
  const slope = spread === 0 ? 0 : sumOf(([x, y]) => (x - meanX) * (y - meanY)) / spread;
  if (slope <= 0) return { at0: meanY, slope: 0 };
  const at0 = meanY - slope * meanX;
  return at0 >= 0 ? { at0, slope } : { at0: 0, slope: sumOf(([x, y]) => x * y) / sumOf(([x]) => x * x) };
}

/**
 * Alone, the time to the first token grows with the prompt; together, the time for a token grows with those that write.
 * What a first token takes beyond reading and one step lies between the engine and its caller.
 */
export function fitEngine({ reading, writing }: Measured): FittedEngine {
  const [read, written] = [fitLine(medians(reading)), fitLine(medians(writing))];
  return {
    stepMs: written.at0,
    promptTokenMs: read.slope,
    sequenceMs: written.slope,
    networkMs: Math.max(0, (read.at0 - written.at0) / 2),
  };
}
