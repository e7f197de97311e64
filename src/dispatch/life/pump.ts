import { learnWait, peekNext, serve, type Entry } from '#policies';
import { isTooLate, tooLate } from '../admission.ts';
import { chooseSlot, firstShunEndMs } from '../choose.ts';
import { gather } from '../gather.ts';
import type { Job, Lane } from '../job.ts';
import { unknownModel } from '../refusals.ts';
import type { Route, Slot } from '../route.ts';
import { count } from '../tally.ts';
import type { Floor } from './floor.ts';
import { send, sendGroup } from './send.ts';
import { fail, learnPatience } from './settle.ts';
import { keepWaiting } from './wait.ts';

/** Looks through those who wait again at a time at which nothing else might wake them. */
function sleepUntil(
  floor: Floor,
  lane: Lane,
  times: { readonly untilMs: number; readonly nowMs: number },
): void {
  lane.stopTimer?.();
  lane.stopTimer = undefined;
  if (times.untilMs === Infinity) return;
  lane.stopTimer = floor.clock.setTimer(Math.max(1, Math.ceil(times.untilMs - times.nowMs)), () => {
    lane.stopTimer = undefined;
    pump(floor, lane);
  });
}

/** Its turn has come: what it waited teaches, and its flow is charged. */
function call(entry: Entry<Job>, nowMs: number): void {
  const job = entry.item;
  const { lane, ask } = job;
  if (job.expectedWaitMs !== undefined && job.attempts === 0)
    learnWait(lane.admitting, ask.priority, {
      predictedMs: job.expectedWaitMs,
      waitedMs: nowMs - job.arrivedMs,
    });
  serve(lane.order, entry);
}

/** The next in the fair order that can still be answered in time; those that cannot are dropped. */
function nextInTime(floor: Floor, lane: Lane, route: Route): Entry<Job> | undefined {
  for (let entry = peekNext(lane.order); entry !== undefined; entry = peekNext(lane.order)) {
    // The last one is tried all the same: the place would be idle, and a wrong prediction must be able to be mended.
    const isLast = lane.order.waiting === 1;
    if (isLast || !isTooLate(entry.item, route, floor.clock.monotonicMs())) return entry;
    count(lane.tally, 'too-late-at-its-turn');
    learnPatience(floor, entry.item);
    fail(floor, entry.item, tooLate);
  }
  return undefined;
}

function sendNext(floor: Floor, lane: Lane, given: { route: Route; slot: Slot; size: number }): void {
  const { route, slot, size } = given;
  const nowMs = floor.clock.monotonicMs();
  const jobs: Job[] = [];
  while (jobs.length < size) {
    const entry = nextInTime(floor, lane, route);
    if (entry === undefined) break;
    call(entry, nowMs);
    jobs.push(entry.item);
  }
  const [first] = jobs;
  if (first !== undefined && jobs.length === 1) send(floor, first, slot);
  else if (first !== undefined) sendGroup(floor, jobs, slot);
}

/** Lets those at the head of the order go; false when they have to wait. */
function step(floor: Floor, lane: Lane): boolean {
  const head = peekNext(lane.order)?.item;
  if (head === undefined) return false;
  const route = floor.directory.resolve(lane.deployment);
  if (route === undefined) {
    fail(floor, head, unknownModel(head.ask.model, floor.directory.routes()));
    return true;
  }
  if (route.slots.length === 0) return !keepWaiting(floor, head);
  const nowMs = floor.clock.monotonicMs();
  const slot = chooseSlot(head, route, nowMs);
  if (slot === undefined) {
    sleepUntil(floor, lane, { untilMs: firstShunEndMs(route, nowMs), nowMs });
    return false;
  }
  const gathered = gather(lane, route, nowMs);
  if (gathered.kind === 'later') {
    sleepUntil(floor, lane, { untilMs: gathered.untilMs, nowMs });
    return false;
  }
  sendNext(floor, lane, { route, slot, size: gathered.count });
  return true;
}

/** Lets those who wait go, in their fair order, while there is room. What ends meanwhile need not start this again. */
export function pump(floor: Floor, lane: Lane): void {
  if (lane.pumping || lane.order.waiting === 0) return;
  lane.pumping = true;
  try {
    while (step(floor, lane));
  } finally {
    lane.pumping = false;
  }
}
