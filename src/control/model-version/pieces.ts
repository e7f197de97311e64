import type { ByteRange } from '#contracts';

const mebibyte = 1024 * 1024;
export const pieceMinBytes = 8 * mebibyte;
export const pieceMaxBytes = 16 * mebibyte;

/** So that the last pieces of several readers end at about the same time, and a small file has few. */
export function pieceBytesFor(sizeBytes: number): number {
  return Math.min(pieceMaxBytes, Math.max(pieceMinBytes, Math.ceil(sizeBytes / 64)));
}

/** What of `whole` is not in `received` (sorted, disjoint). */
export function missingIn(whole: ByteRange, received: readonly ByteRange[]): ByteRange[] {
  const missing: ByteRange[] = [];
  let { from } = whole;
  for (const range of received) {
    if (range.to <= from) continue;
    if (range.from >= whole.to) break;
    if (range.from > from) missing.push({ from, to: range.from });
    from = Math.max(from, range.to);
  }
  if (from < whole.to) missing.push({ from, to: whole.to });
  return missing;
}

/** Cuts ranges into pieces of at most `pieceBytes`, in order. Lazily: a file of terabytes has many. */
export function* piecesOf(ranges: readonly ByteRange[], pieceBytes: number): Generator<ByteRange, void> {
  for (const { from, to } of ranges)
    for (let start = from; start < to; start += pieceBytes)
      yield { from: start, to: Math.min(to, start + pieceBytes) };
}

export function bytesIn(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}
