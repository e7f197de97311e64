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

/** Least squares; level where there is one count only. */
function fitLine(points: readonly Point[]): { readonly at0: number; readonly slope: number } {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return { at0: meanY, slope: 0 };
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { at0: meanY - slope * meanX, slope };
}

/**
 * Alone, the time to the first token grows with the prompt; together, the time for a token grows with those that write.
 * What a first token takes beyond reading and one step lies between the engine and its caller.
 */
export function fitEngine({ reading, writing }: Measured): FittedEngine {
  const [read, written] = [fitLine(medians(reading)), fitLine(medians(writing))];
  return {
    stepMs: Math.max(0, written.at0),
    promptTokenMs: Math.max(0, read.slope),
    sequenceMs: Math.max(0, written.slope),
    networkMs: Math.max(0, (read.at0 - written.at0) / 2),
  };
}
