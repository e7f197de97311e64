import { createFlow, type Flow } from './flow.ts';
import { createLevel, flowOf, type Level } from './level.ts';

/**
 * Start-time fair queueing for work that waits on disk: its start tag is fixed when it begins to wait and kept with
 * it, so that whoever takes work finds the next by an index and needs to know nothing else. Changed in place, by what
 * is below. Beside each other go those who share one `TenantTurns`.
 */
export type TenantTurns = Level<Flow>;

export function createTurns(): TenantTurns {
  return createLevel();
}

/**
 * The start tag of one more piece of work of a flow: behind its own last, and no earlier than where the others are now.
 * `stride` is its cost by the weight of the flow. O(1).
 */
export function takeTurn(turns: TenantTurns, name: string, stride: number): number {
  const flow = flowOf(turns, name, createFlow);
  const start = Math.max(flow.tag, turns.now);
  flow.tag = start + stride;
  return start;
}

/** Work with this tag was taken: the virtual time is there. Never falls. */
export function reachTurn(turns: TenantTurns, tag: number): void {
  turns.now = Math.max(turns.now, tag);
}

/** Others gave turns of this flow too: its next is not before this one. */
export function learnTurn(turns: TenantTurns, name: string, next: number): void {
  const flow = flowOf(turns, name, createFlow);
  flow.tag = Math.max(flow.tag, next);
}
