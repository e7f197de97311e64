import type { Lane } from '../job.ts';
import type { Floor } from './floor.ts';

/** Looks through those who wait again at a time at which nothing else might wake them. */
export function sleepUntil(
  floor: Floor,
  lane: Lane,
  times: { readonly untilMs: number; readonly nowMs: number },
): void {
  lane.stopTimer?.();
  lane.stopTimer = undefined;
  if (times.untilMs === Infinity) return;
  lane.stopTimer = floor.clock.setTimer(Math.max(1, Math.floor(times.untilMs - times.nowMs)), () => {
    lane.stopTimer = undefined;
    floor.wake(lane);
  });
}
