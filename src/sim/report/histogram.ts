/** Counts by size, so that a million values take no more memory than a thousand. */
export interface Histogram {
  add(value: number): void;
  count(): number;
  mean(): number;
  /** The value below which the share `q` lies, within half a percent; NaN when it is empty. */
  quantile(q: number): number;
}

/** Neighbouring buckets differ by one percent; the smallest value told apart is a microsecond (in milliseconds). */
const growth = Math.log(1.01);
const smallest = 0.001;
const buckets = 2600;

function bucketOf(value: number): number {
  if (value <= smallest) return 0;
  return Math.min(buckets - 1, 1 + Math.floor(Math.log(value / smallest) / growth));
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : smallest * Math.exp((bucket - 0.5) * growth);
}

export function createHistogram(): Histogram {
  const counts = new Float64Array(buckets);
  let count = 0;
  let sum = 0;
  return {
    add(value) {
      const bucket = bucketOf(value);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      count += 1;
      sum += value;
    },
    count: () => count,
    mean: () => (count === 0 ? NaN : sum / count),
    quantile(q) {
      if (count === 0) return NaN;
      let left = Math.max(1, Math.ceil(q * count));
      for (let bucket = 0; bucket < buckets; bucket++) {
        left -= counts[bucket] ?? 0;
        if (left <= 0) return middleOf(bucket);
      }
      return middleOf(buckets - 1);
    },
  };
}
