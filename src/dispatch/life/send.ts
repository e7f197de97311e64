import { problem, problemOf } from '#schema';
import type { CallInFlight } from '#contracts';
import { disarm, leftMs, type Group, type Job } from '../job.ts';
import { wayTo } from '../path.ts';
import { beginReading } from '../reading.ts';
import { answerOverdue } from '../refusals.ts';
import type { Slot } from '../route.ts';
import { noteDue, noteTaken, noteTurn } from '../traffic.ts';
import type { Floor } from './floor.ts';
import { listen } from './hear.ts';
import { hedgeNow } from './hedging.ts';
import { attemptFailed } from './retry.ts';
import { breakOff, dropSecond, fail } from './settle.ts';

function noteFirstTurn({ lane, ask, weightMs, sentMs, arrivedMs }: Job): void {
  noteTurn(lane.traffic, weightMs);
  if (!ask.stream) noteDue(lane.traffic, sentMs - arrivedMs);
}

/** The replica let its time pass: that is a failure of the replica, and another may be asked. */
function giveUp(floor: Floor, job: Job, answerMs: number): void {
  const { call } = job;
  dropSecond(job, floor.clock.monotonicMs());
  attemptFailed(floor, job, { cause: answerOverdue(job.lane.deployment, answerMs), sent: true });
  call?.cancel();
}

/** The answer has to begin before its caller stops waiting, and within what its deployment allows a replica. */
function armFirstByte(floor: Floor, job: Job): void {
  const patienceMs = leftMs(job, job.sentMs);
  const answerMs = floor.directory.at(job.lane.key)?.limits.answerMs ?? Infinity;
  const firstByteMs = Math.min(patienceMs, answerMs);
  if (firstByteMs === Infinity) return;
  job.stopTimer = floor.clock.setTimer(Math.max(1, Math.ceil(firstByteMs)), () => {
    if (answerMs < patienceMs) giveUp(floor, job, answerMs);
    else breakOff(floor, job, problem('deadline_exceeded'));
  });
}

/** Puts the request on a replica's account. */
function take(floor: Floor, job: Job, slot: Slot): void {
  disarm(job);
  job.sentMs = floor.clock.monotonicMs();
  job.lane.running += 1;
  const { traffic } = job.lane;
  noteTaken(traffic, 1 / (job.group?.size ?? 1), job.sentMs);
  if (job.attempts === 0) noteFirstTurn(job);
  job.slot = slot;
  job.slotWorkMs = job.workMs ?? 0;
  slot.workMs += job.slotWorkMs;
  slot.changedMs = job.sentMs;
  beginReading(job, slot);
  job.leg = job.attempts += 1;
  armFirstByte(floor, job);
}

/** The caller's headers, the replica's credentials, and where there is a batch, which one and how large. */
function headersFor({ ask, group }: Job, slot: Slot): string[] {
  const isOfMany = group !== undefined && group.size > 1;
  if (slot.headers.length === 0 && !isOfMany) return ask.headers;
  const ofBatch = isOfMany ? ['x-millrace-batch', group.id, 'x-millrace-batch-size', String(group.size)] : [];
  return [...ask.headers, ...slot.headers, ...ofBatch];
}

function makeCall(floor: Floor, job: Job, { slot, leg }: { slot: Slot; leg: number }): CallInFlight {
  const headers = headersFor(job, slot);
  const { method, path, body } = wayTo(job.ask, slot);
  return floor.transport.send(
    { endpoint: slot.endpoint, method, path, headers, body },
    listen(floor, job, leg),
  );
}

function post(floor: Floor, job: Job, slot: Slot): void {
  const { leg } = job;
  try {
    const made = makeCall(floor, job, { slot, leg });
    // It may have failed at once and be on its way elsewhere already.
    if (job.leg === leg) job.call = made;
  } catch (thrown) {
    fail(floor, job, problemOf(thrown));
  }
}

function armHedge(floor: Floor, job: Job): void {
  if (job.hedgeAfterMs === undefined || job.over) return;
  job.stopHedge = floor.clock.setTimer(Math.max(1, Math.ceil(job.hedgeAfterMs)), () => {
    job.stopHedge = undefined;
    hedgeNow(floor, job, (slot, leg) => makeCall(floor, job, { slot, leg }));
  });
}

/** Sends one request; it takes one place. */
export function send(floor: Floor, job: Job, slot: Slot): void {
  slot.inFlight += 1;
  take(floor, job, slot);
  if (job.hedges) armHedge(floor, job);
  post(floor, job, slot);
}

/** Callers name their requests as they like, and may name several alike. */
function groupId([first]: readonly Job[]): string {
  if (first === undefined) return '';
  const { ask, lane } = first;
  return `${ask.requestId}.${(lane.gathering.groups += 1)}`;
}

/** Sends several requests together; they take one place until the first of their answers begins. */
export function sendGroup(floor: Floor, jobs: readonly Job[], slot: Slot): void {
  const group: Group = {
    id: groupId(jobs),
    size: jobs.length,
    left: jobs.length,
    holds: true,
    turnedMs: floor.clock.monotonicMs(),
  };
  slot.inFlight += 1;
  for (const job of jobs) {
    job.group = group;
    take(floor, job, slot);
  }
  for (const job of jobs) if (!job.over) post(floor, job, slot);
}
