import type { Group } from './job.ts';
import type { Slot } from './slot.ts';

const weight = 0.1;
/** Where a replica waits for a quarter of the time or more, its next batch is better there already. */
const idleMax = 1 / 4;

/** A batch's run is over: how long the replica had it, and how much of that it did not run, where it tells. */
export function noteRun(
  slot: Slot,
  group: Group,
  { nowMs, runMs }: { readonly nowMs: number; readonly runMs: number | undefined },
): void {
  const wasAlone = slot.inFlight === 1 && slot.runEndedMs <= group.turnedMs;
  const tookMs = nowMs - group.turnedMs;
  if (wasAlone && runMs !== undefined && tookMs > 0) {
    const idle = Math.min(1, Math.max(0, 1 - runMs / tookMs));
    slot.idleShare += weight * (idle - slot.idleShare);
  }
  group.turnedMs = Math.max(group.turnedMs, slot.runEndedMs);
  slot.runEndedMs = nowMs;
}

/**
 * Whether a batch can be sent there now. One at a time, since what is sent to a busy replica is closed to those who
 * come meanwhile; two where runs are so short that the way there and back would be most of the time.
 */
export function takesBatch(
  { inFlight, concurrency, idleShare, shunnedUntilMs }: Slot,
  nowMs: number,
): boolean {
  const places = idleShare > idleMax ? Math.min(2, concurrency) : 1;
  return inFlight < places && shunnedUntilMs <= nowMs;
}
