import { peekNext, serve, type Entry } from '#policies';
import { isTooLate, tooLate } from '../admission.ts';
import { chooseNext, firstShunEndMs, type Choice } from '../choose.ts';
import { isBatched, mayJoin } from '../gather.ts';
import type { Job, Lane } from '../job.ts';
import { unknownModel } from '../refusals.ts';
import type { Route } from '../route.ts';
import { count } from '../tally.ts';
import type { Floor } from './floor.ts';
import { sendBatch } from './send-batch.ts';
import { send } from './send.ts';
import { fail, learnVainWait } from './settle.ts';
import { sleepUntil } from './sleep.ts';
import { learnTurn } from './turn.ts';
import { keepWaiting } from './wait.ts';

/** What cannot be answered in time any more is dropped when its turn comes, and its place goes to another. */
function isDropped(floor: Floor, { item: job }: Entry<Job>, route: Route): boolean {
  // The last one is tried all the same: the place would be idle, and a wrong prediction must be able to be mended.
  const isLast = job.lane.order.waiting === 1;
  if (isLast || !isTooLate(job, route, floor.clock.monotonicMs())) return false;
  count(job.lane.tally, 'too-late-at-its-turn');
  learnVainWait(floor, job, 'expired');
  fail(floor, job, tooLate);
  return true;
}

function sendNext(floor: Floor, lane: Lane, { entry, slot }: Extract<Choice, { kind: 'send' }>): void {
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
    fail(floor, head, unknownModel(head.ask, floor.directory));
    return true;
  }
  if (route.slots.length === 0) return !keepWaiting(floor, head);
  if (isBatched(route) && mayJoin(head.ask)) return sendBatch(floor, lane, route);
  const nowMs = floor.clock.monotonicMs();
  const choice = chooseNext(lane, route, nowMs);
  if (choice.kind === 'hold') {
    sleepUntil(floor, lane, { untilMs: Math.min(choice.untilMs, firstShunEndMs(route, nowMs)), nowMs });
    return false;
  }
  if (!isDropped(floor, choice.entry, route)) sendNext(floor, lane, choice);
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
