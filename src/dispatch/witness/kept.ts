import { joined } from '../joined.ts';

/** An answer that is kept as it passes, to be read at its end. */
export interface Kept {
  parts: Uint8Array[];
  sizeBytes: number;
}

/** A longer answer is not read: what has been kept of it is let go. */
const keptBytesMax = 256 * 1024;

export function createKept(): Kept {
  return { parts: [], sizeBytes: 0 };
}

/** Copies what may be lent. */
export function keep(kept: Kept, bytes: Uint8Array): void {
  kept.sizeBytes += bytes.length;
  if (kept.sizeBytes > keptBytesMax) kept.parts = [];
  else kept.parts.push(new Uint8Array(bytes));
}

/** Undefined when it was too long. */
export function wholeOf({ parts, sizeBytes }: Kept): Uint8Array | undefined {
  if (sizeBytes > keptBytesMax) return undefined;
  return joined(parts, sizeBytes);
}
