/** A straight line through values over time: its middle and its slope. */
export interface Line {
  readonly middleMs: number;
  readonly middle: number;
  readonly slopePerMs: number;
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

function since(points: readonly Point[], sinceMs: number): readonly Point[] {
  let first = points.length;
  while ((points[first - 1]?.atMs ?? -Infinity) > sinceMs) first -= 1;
  return first === 0 ? points : points.slice(first);
}

/** Least squares through the points later than `sinceMs`; level where there are fewer than three. */
export function lineThrough(points: readonly Point[], sinceMs: number): Line {
  const recent = since(points, sinceMs);
  const count = recent.length;
  if (count === 0) return { middleMs: sinceMs, middle: 0, slopePerMs: 0 };
  let [middleMs, middle] = [0, 0];
  for (const { atMs, value } of recent) {
    middleMs += atMs / count;
    middle += value / count;
  }
  let [product, square] = [0, 0];
  for (const { atMs, value } of recent) {
    product += (atMs - middleMs) * (value - middle);
    square += (atMs - middleMs) ** 2;
  }
  return { middleMs, middle, slopePerMs: count < 3 || square === 0 ? 0 : product / square };
}
