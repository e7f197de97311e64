import { peekNext, serve, type Entry } from '#policies';
import { isTooLate, tooLate } from '../admission.ts';
import { chooseSlot, firstShunEndMs } from '../choose.ts';
import { isBatched, mayJoin } from '../gather.ts';
import type { Job, Lane } from '../job.ts';
import { unknownModel } from '../refusals.ts';
import type { Route, Slot } from '../route.ts';
import { count } from '../tally.ts';
import type { Floor } from './floor.ts';
import { sendBatch } from './send-batch.ts';
import { send } from './send.ts';
import { fail, learnPatience } from './settle.ts';
import { sleepUntil } from './sleep.ts';
import { learnTurn } from './turn.ts';
import { keepWaiting } from './wait.ts';

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

function sendNext(floor: Floor, lane: Lane, { route, slot }: { route: Route; slot: Slot }): void {
  const entry = nextInTime(floor, lane, route);
  if (entry === undefined) return;
  learnTurn(entry.item, floor.clock.monotonicMs());
  serve(lane.order, entry);
  send(floor, entry.item, slot);
}

/** Lets those at the head of the order go; false when they have to wait. */
function step(floor: Floor, lane: Lane): boolean {
  const head = peekNext(lane.order)?.item;
  if (head === undefined) return false;
  const route = floor.directory.at(lane.key);
  if (route === undefined) {
    fail(floor, head, unknownModel(head.ask.model, floor.directory.routes()));
    return true;
  }
  if (route.slots.length === 0) return !keepWaiting(floor, head);
  if (isBatched(route) && mayJoin(head.ask)) return sendBatch(floor, lane, route);
  const nowMs = floor.clock.monotonicMs();
  const slot = chooseSlot(head, route, nowMs);
  if (slot === undefined) {
    sleepUntil(floor, lane, { untilMs: firstShunEndMs(route, nowMs), nowMs });
    return false;
  }
  sendNext(floor, lane, { route, slot });
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
