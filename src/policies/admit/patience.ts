/**
 * How long callers wait before they leave, learned as a share of those who had waited as long (Kaplan and Meier 1958):
 * one who got a place after two seconds has shown that much patience and no more, and one who left after five
 * milliseconds says nothing about those who stay. Changed in place.
 */
export interface Patience {
  /** Decaying counts by how long was waited: who waited at least so long, and who of them left then. */
  readonly there: Float64Array;
  readonly left: Float64Array;
  /** Sum of the waits of those who left. */
  readonly leftMs: Float64Array;
}

/** Waits up to a quarter of an hour, in steps of one half. */
const firstMs = 4;
const step = 1.5;
const steps = 31;
/** A count's weight after n further waits is `memory ** n`. */
const memory = 0.98;
/** Fewer who waited so long tell nothing. */
const thereMin = 5;
/** Most of those who would still wait by then must be there. */
const stayingMin = 0.5;

export function createPatience(): Patience {
  return {
    there: new Float64Array(steps),
    left: new Float64Array(steps),
    leftMs: new Float64Array(steps),
  };
}

function stepOf(waitedMs: number): number {
  if (waitedMs <= firstMs) return 0;
  return Math.min(steps - 1, Math.ceil(Math.log(waitedMs / firstMs) / Math.log(step)));
}

function note({ there, left, leftMs }: Patience, waitedMs: number, leaves: boolean): void {
  const last = stepOf(waitedMs);
  for (let at = 0; at < steps; at++) {
    there[at] = memory * (there[at] ?? 0) + (at <= last ? 1 : 0);
    left[at] = memory * (left[at] ?? 0);
    leftMs[at] = memory * (leftMs[at] ?? 0);
  }
  if (!leaves) return;
  left[last] = (left[last] ?? 0) + 1;
  leftMs[last] = (leftMs[last] ?? 0) + waitedMs;
}

/** It waited so long and was still there. */
export function noteStay(patience: Patience, waitedMs: number): void {
  note(patience, waitedMs, false);
}

/** It waited so long and left. */
export function noteLeft(patience: Patience, waitedMs: number): void {
  note(patience, waitedMs, true);
}

/** The time after which most callers have left; Infinity while most stay as long as anybody had to. */
export function patienceMs({ there, left, leftMs }: Patience): number {
  let staying = 1;
  for (let at = 0; at < steps; at++) {
    const count = there[at] ?? 0;
    const leaving = left[at] ?? 0;
    if (count < thereMin) return Infinity;
    staying *= 1 - leaving / count;
    if (staying < stayingMin) return leaving > 0 ? (leftMs[at] ?? 0) / leaving : Infinity;
  }
  return Infinity;
}
