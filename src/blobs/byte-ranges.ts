import type { ByteRange } from '#contracts';

/** Sorted, disjoint, not touching, none empty: what `Upload.received` is. */
type Ranges = readonly ByteRange[];

/** The ranges with one more, merged with every one it overlaps or touches. */
export function withRange(ranges: Ranges, added: ByteRange): Ranges {
  if (added.from >= added.to) return ranges;
  const before = ranges.filter((range) => range.to < added.from);
  const after = ranges.filter((range) => range.from > added.to);
  const touched = ranges.slice(before.length, ranges.length - after.length);
  const from = Math.min(added.from, touched[0]?.from ?? added.from);
  const to = Math.max(added.to, touched.at(-1)?.to ?? added.to);
  return [...before, { from, to }, ...after];
}

/** The parts of `wanted` that the ranges do not have. */
export function missingFrom(ranges: Ranges, wanted: ByteRange): Ranges {
  const missing: ByteRange[] = [];
  let at = wanted.from;
  for (const range of ranges) {
    if (range.to <= at) continue;
    if (range.from >= wanted.to) break;
    if (range.from > at) missing.push({ from: at, to: range.from });
    at = range.to;
  }
  if (at < wanted.to) missing.push({ from: at, to: wanted.to });
  return missing;
}

export function coveredBytes(ranges: Ranges): number {
  return ranges.reduce((sum, range) => sum + range.to - range.from, 0);
}
