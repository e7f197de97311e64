import { listWaiting, peekNext, putBack, serve, type Batching, type Entry } from '#policies';
import { tooLateForBatch } from '../admission.ts';
import { chooseSlot, firstShunEndMs } from '../choose.ts';
import { dueMs, freeSlots, gather, mayJoin } from '../gather.ts';
import { learnSize } from '../gathering.ts';
import type { Job, Lane } from '../job.ts';
import type { Route } from '../route.ts';
import { count } from '../tally.ts';
import type { Floor } from './floor.ts';
import { sendGroup } from './send.ts';
import { fail, learnVainWait } from './settle.ts';
import { sleepUntil } from './sleep.ts';
import { learnTurn } from './turn.ts';

/** Those that could not be answered in time even alone make room. */
function refuseHopeless(floor: Floor, lane: Lane, given: { route: Route; hopelessMs: number }): void {
  const { route, hopelessMs } = given;
  for (const job of listWaiting(lane.order)) {
    if (dueMs(job, route) >= hopelessMs) continue;
    count(lane.tally, 'too-late-at-its-turn');
    learnVainWait(floor, job, 'expired');
    fail(floor, job, tooLateForBatch(route, job));
  }
}

/** The first in the fair order that are due late enough. Those passed over keep their turn. */
function takeGroup(
  lane: Lane,
  route: Route,
  { size, dueFromMs }: Extract<Batching, { kind: 'send' }>,
): readonly Job[] {
  const jobs: Job[] = [];
  const passedOver: Entry<Job>[] = [];
  while (jobs.length < size) {
    const entry = peekNext(lane.order);
    if (entry === undefined || !mayJoin(entry.item.ask)) break;
    serve(lane.order, entry);
    if (dueMs(entry.item, route) >= dueFromMs) jobs.push(entry.item);
    else passedOver.push(entry);
  }
  for (const entry of passedOver.toReversed()) putBack(lane.order, entry);
  return jobs;
}

/** Sends a batch of those who wait to a free replica, or waits until it is worth it; false when nothing was sent. */
export function sendBatch(floor: Floor, lane: Lane, route: Route): boolean {
  const nowMs = floor.clock.monotonicMs();
  const free = freeSlots(route, nowMs);
  if (free.length === 0) {
    sleepUntil(floor, lane, { untilMs: firstShunEndMs(route, nowMs), nowMs });
    return false;
  }
  const batch = gather(lane, route, { nowMs, idle: free.length });
  refuseHopeless(floor, lane, { route, hopelessMs: batch.hopelessMs });
  if (batch.kind === 'wait') {
    sleepUntil(floor, lane, { untilMs: batch.untilMs, nowMs });
    return false;
  }
  const first = peekNext(lane.order)?.item;
  const slot = first && chooseSlot(first, { ...route, slots: free }, nowMs);
  if (slot === undefined) return false;
  const jobs = takeGroup(lane, route, batch);
  for (const job of jobs) learnTurn(job, nowMs);
  learnSize(lane.gathering, jobs.length);
  sendGroup(floor, jobs, slot);
  return true;
}
