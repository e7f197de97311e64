import { learnWait } from '#policies';
import type { Job } from '../job.ts';

/** Its turn has come: what it waited teaches how long waits are. */
export function learnTurn({ lane, ask, expectedWaitMs, attempts, arrivedMs }: Job, nowMs: number): void {
  if (expectedWaitMs === undefined || attempts > 0) return;
  learnWait(lane.admitting, ask.priority, { predictedMs: expectedWaitMs, waitedMs: nowMs - arrivedMs });
}
