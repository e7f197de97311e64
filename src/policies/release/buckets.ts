/**
 * Buckets that durations and lengths are counted in while versions are compared: eight to the octave, each 9 % wider
 * than the one before, from 1 to 2^22 (an hour and ten minutes in milliseconds).
 */
const bucketsPerOctave = 8;
export const bucketCount = 177;

/** The bucket of a value; what is smaller or greater than all of them goes into the first or the last. */
export function bucketOf(value: number): number {
  if (!(value > 1)) return 0;
  return Math.min(bucketCount - 1, Math.floor(Math.log2(value) * bucketsPerOctave));
}

/** The middle of a bucket, in the unit of the values. */
export function bucketMiddle(bucket: number): number {
  return 2 ** ((bucket + 0.5) / bucketsPerOctave);
}

/** By how many buckets a value moves when it is multiplied. */
export function bucketsOfRatio(ratio: number): number {
  return Math.round(Math.log2(ratio) * bucketsPerOctave);
}

export function countIn(buckets: readonly number[]): number {
  let total = 0;
  for (const count of buckets) total += count;
  return total;
}

/** The lowest bucket that has at least the part `quantile` of all counts at or below it; undefined of nothing. */
export function quantileBucket(buckets: readonly number[], quantile: number): number | undefined {
  const wanted = countIn(buckets) * quantile;
  if (wanted === 0) return undefined;
  let below = 0;
  for (const [bucket, count] of buckets.entries()) {
    below += count;
    if (below >= wanted) return bucket;
  }
  return buckets.length - 1;
}

export function addBuckets(left: readonly number[], right: readonly number[]): readonly number[] {
  if (left.length === 0) return right;
  return left.map((count, bucket) => count + (right[bucket] ?? 0));
}
