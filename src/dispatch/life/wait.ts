import { problem, type Problem } from '#schema';
import { enqueue, peekLeast, type Owner } from '#policies';
import { askQueue, askWorkLimit, type Applicant } from '../admission.ts';
import { orderCost } from '../estimate.ts';
import { disarm, leftMs, type Job } from '../job.ts';
import { ownerOf } from '../owner.ts';
import { pushedOut, queueRefusal, unknownModel } from '../refusals.ts';
import type { Route } from '../route.ts';
import { count } from '../tally.ts';
import type { Floor } from './floor.ts';
import { fail, learnVainWait } from './settle.ts';

function expire(floor: Floor, job: Job): void {
  count(job.lane.tally, 'deadline-passed');
  learnVainWait(floor, job, 'expired');
  fail(floor, job, problem('deadline_exceeded'));
}

/** Looks again after `forMs` at the latest, sooner where its deadline is nearer. */
function arm(floor: Floor, job: Job, times: { readonly forMs: number; readonly nowMs: number }): void {
  disarm(job);
  const expiryMs = Math.min(times.forMs, leftMs(job, times.nowMs));
  job.stopTimer = floor.clock.setTimer(Math.max(1, Math.ceil(expiryMs)), () => {
    job.stopTimer = undefined;
    if (job.over) return;
    if (leftMs(job, floor.clock.monotonicMs()) <= 0) expire(floor, job);
    else if (job.entry?.waits === true) keepWaiting(floor, job);
    floor.wake(job.lane);
  });
}

/** It has waited for a while: is it still worth it? False when it was refused. */
export function keepWaiting(floor: Floor, job: Job): boolean {
  const route = floor.directory.at(job.lane.key);
  if (route === undefined) {
    fail(floor, job, unknownModel(job.ask, floor.directory));
    return false;
  }
  const nowMs = floor.clock.monotonicMs();
  const admission = askQueue({ job, route, nowMs, wallMs: floor.clock.nowMs() }, 0);
  if (admission.kind === 'refuse') {
    fail(floor, job, queueRefusal(route, admission));
    return false;
  }
  const forMs = admission.kind === 'wait' ? admission.forMs : undefined;
  arm(floor, job, { forMs: forMs ?? recheckMs(route), nowMs });
  return true;
}

/** While replicas answer nothing has to be decided anew; if they all go away, somebody must notice. */
function recheckMs({ limits }: Route): number {
  return Math.max(1000, limits.holdMs);
}

/** It waits once more, after a try that failed: as long as its deadline says, like all that wait. */
export function armAgain(floor: Floor, job: Job, route: Route): void {
  arm(floor, job, { forMs: recheckMs(route), nowMs: floor.clock.monotonicMs() });
}

/** Where the queue is full, whoever holds more than the newcomer would makes room for it. */
function makeRoom(floor: Floor, { job, route }: Applicant, owner: Owner): boolean {
  const { order, tally } = job.lane;
  const least = peekLeast(order, owner, orderCost(job));
  if (least === undefined) return false;
  count(tally, 'pushed-out');
  fail(floor, least.item, pushedOut(route, least.item.expectedWaitMs));
  return true;
}

function refusalOf(floor: Floor, applicant: Applicant, owner: Owner): Problem | { readonly forMs: number } {
  const { job, route } = applicant;
  const admission = askQueue(applicant, job.lane.order.waiting);
  if (admission.kind === 'refuse') {
    const isFull = admission.code === 'overloaded' && route.limits.queueDepthMax > 0;
    if (!isFull || !makeRoom(floor, applicant, owner)) return queueRefusal(route, admission);
  }
  const refused = route.slots.length > 0 ? askWorkLimit(applicant, owner, floor.rng.next()) : undefined;
  const forMs = admission.kind === 'wait' ? admission.forMs : undefined;
  return refused ?? { forMs: forMs ?? recheckMs(route) };
}

/** A newcomer for which there is no room: it waits in the fair order, unless it is refused. */
export function beginWaiting(floor: Floor, applicant: Applicant): void {
  const { job, nowMs } = applicant;
  const { lane, ask } = job;
  const owner = ownerOf(floor.directory.shares, ask);
  const answer = refusalOf(floor, applicant, owner);
  if ('code' in answer) {
    fail(floor, job, answer);
    return;
  }
  job.entry = enqueue(lane.order, owner, { item: job, cost: orderCost(job) });
  arm(floor, job, { forMs: answer.forMs, nowMs });
}
