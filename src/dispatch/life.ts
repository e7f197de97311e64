import { problem, problemOf, problems, type Problem } from '#schema';
import type { Clock, Meters, ReplyHead, ReplyListener, Transport } from '#contracts';
import type { Directory } from './directory.ts';
import { disarm, type Job, type Lane } from './job.ts';
import { chooseSlot, decideAdmission, learnService, type Applicant } from './lane.ts';
import { refusal, unknownModel } from './refusals.ts';
import type { Slot } from './route.ts';
import { readUsage } from './usage.ts';

/** What every step of a request's life needs. */
export interface Floor {
  readonly directory: Directory;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly meters: Meters;
  /** Called once for each request that is over. */
  readonly left: () => void;
}

/** A replica that refused a connection is passed over for this long: its record will say more by then. */
const shunMs = 1000;
/** First attempt included; only requests that never reached a replica are sent again. */
const attemptsMax = 3;

function account(floor: Floor, job: Job): void {
  const nowMs = floor.clock.monotonicMs();
  const usage = readUsage(job.tail.read());
  const leftQueueMs = job.attempts === 0 ? nowMs : job.sentMs;
  floor.meters.requestFinished({
    endpoint: job.ask.endpoint,
    deployment: job.lane.deployment,
    tenant: job.ask.tenant,
    status: job.status,
    queueMs: leftQueueMs - job.arrivedMs,
    firstByteMs: (job.firstByteMs ?? nowMs) - job.arrivedMs,
    totalMs: nowMs - job.arrivedMs,
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
  });
}

/** Takes the request off its replica. */
function release(job: Job): void {
  if (job.slot === undefined) return;
  job.slot.inFlight -= 1;
  job.slot = undefined;
  job.lane.running -= 1;
}

/** Gives back whatever the request holds, and lets the next one go. Only for a request that is not over. */
function settle(floor: Floor, job: Job): void {
  job.over = true;
  disarm(job);
  job.lane.waiting.delete(job);
  release(job);
  account(floor, job);
  floor.left();
  pump(floor, job.lane);
}

function fail(floor: Floor, job: Job, cause: Problem): void {
  if (job.over) return;
  job.status = problems[cause.code].status;
  settle(floor, job);
  job.listener.failed(cause);
}

/** Fails a request that a replica works on, and stops the replica's work. */
function breakOff(floor: Floor, job: Job, cause: Problem): void {
  const { call } = job;
  fail(floor, job, cause);
  call?.cancel();
}

function end(floor: Floor, job: Job): void {
  if (job.over) return;
  if (job.status < 400) learnService(job.lane, floor.clock.monotonicMs() - job.sentMs);
  settle(floor, job);
  job.listener.ended();
}

/** The request waits again, before all others: it has waited longest. */
function putFirst(lane: Lane, job: Job): void {
  const others = [...lane.waiting];
  lane.waiting.clear();
  for (const one of [job, ...others]) lane.waiting.add(one);
}

/** A request that never reached its replica is tried on another; one that may have been begun is not. */
function lost(floor: Floor, job: Job, cause: Problem): void {
  const { slot } = job;
  if (job.over) return;
  disarm(job);
  if (slot === undefined || job.attempts >= attemptsMax) {
    fail(floor, job, cause);
    return;
  }
  slot.shunnedUntilMs = floor.clock.monotonicMs() + shunMs;
  release(job);
  putFirst(job.lane, job);
  pump(floor, job.lane);
}

const credentialsRefused = problem(
  'replica_failed',
  'The endpoint behind this deployment refused our credentials.',
);

function hearHead(floor: Floor, job: Job, head: ReplyHead): void {
  disarm(job);
  // What an endpoint of others says about our key is no business of our caller, who has another.
  if ((head.status === 401 || head.status === 403) && (job.slot?.headers.length ?? 0) > 0) {
    breakOff(floor, job, credentialsRefused);
    return;
  }
  job.status = head.status;
  job.firstByteMs = floor.clock.monotonicMs();
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
      job.tail.push(bytes);
      return job.listener.received(bytes);
    },
    ended() {
      end(floor, job);
    },
    failed(cause, sent) {
      if (sent) fail(floor, job, cause);
      else lost(floor, job, cause);
    },
  };
}

/** Puts the request on a replica's account, with what is left of its deadline as the time for a first byte. */
function take(floor: Floor, job: Job, slot: Slot): void {
  disarm(job);
  job.lane.waiting.delete(job);
  job.lane.running += 1;
  slot.inFlight += 1;
  job.slot = slot;
  job.attempts += 1;
  const patienceMs = leftMs(job, job.sentMs);
  if (patienceMs === Infinity) return;
  job.stopTimer = floor.clock.setTimer(Math.max(1, Math.ceil(patienceMs)), () => {
    breakOff(floor, job, problem('deadline_exceeded'));
  });
}

function send(floor: Floor, job: Job, slot: Slot): void {
  take(floor, job, slot);
  const { ask, attempts } = job;
  const headers = slot.headers.length === 0 ? ask.headers : [...ask.headers, ...slot.headers];
  try {
    const call = floor.transport.send(
      { endpoint: slot.endpoint, method: 'POST', path: ask.endpoint, headers, body: ask.body },
      listen(floor, job),
    );
    // It may have failed at once and be on its way elsewhere already.
    if (job.attempts === attempts) job.call = call;
  } catch (thrown) {
    fail(floor, job, problemOf(thrown));
  }
}

/** How much of the caller's patience is left. */
function leftMs(job: Job, nowMs: number): number {
  return job.ask.deadlineMs === undefined ? Infinity : job.ask.deadlineMs - (nowMs - job.arrivedMs);
}

/** Waits for something to change, and looks again after `forMs` at the latest. */
function wait(floor: Floor, job: Job, times: { readonly forMs: number; readonly nowMs: number }): void {
  job.lane.waiting.add(job);
  disarm(job);
  const expiryMs = Math.min(times.forMs, leftMs(job, times.nowMs));
  if (expiryMs === Infinity) return;
  job.stopTimer = floor.clock.setTimer(Math.max(1, Math.ceil(expiryMs)), () => {
    if (!job.over) consider(floor, job, 0);
    pump(floor, job.lane);
  });
}

function place(floor: Floor, applicant: Applicant): boolean {
  const { job, route, nowMs } = applicant;
  const admission = decideAdmission(applicant);
  if (admission.kind === 'refuse') {
    fail(floor, job, refusal(route, admission));
    return true;
  }
  const slot = admission.kind === 'admit' ? chooseSlot(job.lane, route, nowMs) : undefined;
  if (slot === undefined) {
    // Admitted but no slot: every replica with room refused a connection just now.
    wait(floor, job, { forMs: admission.kind === 'wait' ? (admission.forMs ?? Infinity) : shunMs, nowMs });
    return false;
  }
  job.sentMs = nowMs;
  send(floor, job, slot);
  return true;
}

/** Decides about one request, `ahead` others waiting before it; false when it has to wait. */
export function consider(floor: Floor, job: Job, ahead: number): boolean {
  const route = floor.directory.resolve(job.lane.deployment);
  if (route === undefined) {
    fail(floor, job, unknownModel(job.ask.model, floor.directory.routes()));
    return true;
  }
  const nowMs = floor.clock.monotonicMs();
  if (leftMs(job, nowMs) <= 0) {
    fail(floor, job, problem('deadline_exceeded'));
    return true;
  }
  return place(floor, { job, route, ahead, nowMs, wallMs: floor.clock.nowMs() });
}

/** Lets those who wait go, in order, while there is room. What ends meanwhile need not start this again. */
export function pump(floor: Floor, lane: Lane): void {
  if (lane.pumping || lane.waiting.size === 0) return;
  lane.pumping = true;
  try {
    for (const job of lane.waiting) if (!consider(floor, job, 0)) break;
  } finally {
    lane.pumping = false;
  }
}

/** The caller went away: out of the queue, or the connection to the replica closed at once. */
export function cancel(floor: Floor, job: Job): void {
  if (job.over) return;
  const { call } = job;
  job.status = 499;
  settle(floor, job);
  call?.cancel();
}
