import { problem, problemOf } from '#schema';
import type { ReplyHead, ReplyListener } from '#contracts';
import { disarm, leftMs, type Group, type Job } from '../job.ts';
import { wayTo } from '../path.ts';
import type { Slot } from '../route.ts';
import { noteBegun, noteDue, noteTaken, noteTurn } from '../traffic.ts';
import type { Floor } from './floor.ts';
import { attemptFailed } from './retry.ts';
import { breakOff, end, fail } from './settle.ts';

const credentialsRefused = problem(
  'replica_failed',
  'The endpoint behind this deployment refused our credentials.',
);

/** The first answer of a batch says that its run is over: the next may start while the answers go their way. */
function endRun(floor: Floor, { group, slot, lane }: Job): void {
  if (group === undefined || slot === undefined || !group.holds) return;
  group.holds = false;
  slot.inFlight -= 1;
  floor.wake(lane);
}

function hearHead(floor: Floor, job: Job, head: ReplyHead): void {
  disarm(job);
  // What an endpoint of others says about our key is no business of our caller, who has another.
  if ((head.status === 401 || head.status === 403) && (job.slot?.headers.length ?? 0) > 0) {
    breakOff(floor, job, credentialsRefused);
    return;
  }
  job.status = head.status;
  if (head.status < 400) endRun(floor, job);
  job.firstByteMs = floor.clock.monotonicMs();
  noteBegun(job.lane.traffic, job.firstByteMs - job.arrivedMs);
  if (job.ask.stream) noteDue(job.lane.traffic, job.firstByteMs - job.arrivedMs);
  job.listener.started(head, {
    deployment: job.lane.deployment,
    model: job.slot?.model ?? '',
    queueMs: job.sentMs - job.arrivedMs,
    firstByteMs: job.firstByteMs - job.arrivedMs,
  });
}

function listen(floor: Floor, job: Job): ReplyListener {
  return {
    started(head) {
      if (!job.over) hearHead(floor, job, head);
    },
    received(bytes) {
      if (job.over) return true;
      job.answerBytes += bytes.length;
      job.tail.push(bytes);
      const goesOn = job.listener.received(bytes);
      if (!goesOn) job.paused = true;
      return goesOn;
    },
    ended() {
      end(floor, job);
    },
    failed(cause, sent) {
      attemptFailed(floor, job, { cause, sent });
    },
  };
}

function noteFirstTurn({ lane, ask, weightMs, sentMs, arrivedMs }: Job): void {
  noteTurn(lane.traffic, weightMs);
  if (!ask.stream) noteDue(lane.traffic, sentMs - arrivedMs);
}

/** Puts the request on a replica's account, with what is left of its deadline as the time for a first byte. */
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
  job.attempts += 1;
  const patienceMs = leftMs(job, job.sentMs);
  if (patienceMs === Infinity) return;
  job.stopTimer = floor.clock.setTimer(Math.max(1, Math.ceil(patienceMs)), () => {
    breakOff(floor, job, problem('deadline_exceeded'));
  });
}

/** The caller's headers, the replica's credentials, and where there is a batch, which one and how large. */
function headersFor({ ask, group }: Job, slot: Slot): string[] {
  const isOfMany = group !== undefined && group.size > 1;
  if (slot.headers.length === 0 && !isOfMany) return ask.headers;
  const ofBatch = isOfMany ? ['x-millrace-batch', group.id, 'x-millrace-batch-size', String(group.size)] : [];
  return [...ask.headers, ...slot.headers, ...ofBatch];
}

function post(floor: Floor, job: Job, slot: Slot): void {
  const { ask, attempts } = job;
  const headers = headersFor(job, slot);
  const { method, path, body } = wayTo(ask, slot);
  try {
    const call = floor.transport.send(
      { endpoint: slot.endpoint, method, path, headers, body },
      listen(floor, job),
    );
    // It may have failed at once and be on its way elsewhere already.
    if (job.attempts === attempts) job.call = call;
  } catch (thrown) {
    fail(floor, job, problemOf(thrown));
  }
}

/** Sends one request; it takes one place. */
export function send(floor: Floor, job: Job, slot: Slot): void {
  slot.inFlight += 1;
  take(floor, job, slot);
  post(floor, job, slot);
}

/** Sends several requests together; they take one place until the first of their answers begins. */
export function sendGroup(floor: Floor, jobs: readonly Job[], slot: Slot): void {
  const group: Group = {
    id: jobs[0]?.ask.requestId ?? '',
    size: jobs.length,
    left: jobs.length,
    holds: true,
  };
  slot.inFlight += 1;
  for (const job of jobs) {
    job.group = group;
    take(floor, job, slot);
  }
  for (const job of jobs) if (!job.over) post(floor, job, slot);
}
