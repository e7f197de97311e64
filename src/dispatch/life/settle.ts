import { problems, type Problem } from '#schema';
import { complete, learn, learnExpired, learnLeft, predictMs, withdraw } from '#policies';
import { firstByteMs as untilFirstByteMs, learnExpectation } from '../estimate.ts';
import { disarm, type Job } from '../job.ts';
import { endReading } from '../reading.ts';
import type { Slot } from '../route.ts';
import { count } from '../tally.ts';
import { noteDue, noteTaken, noteTook, noteTurn } from '../traffic.ts';
import type { Usage } from '../usage.ts';
import { testify } from '../witness/witness.ts';
import type { Floor } from './floor.ts';

function account(
  floor: Floor,
  job: Job,
  { usage, nowMs }: { readonly usage: Usage; readonly nowMs: number },
): void {
  if (job.isCopy) return;
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

/** While versions are compared, what became of the request says something of its replica's. */
function giveEvidence(
  floor: Floor,
  job: Job,
  given: { readonly isWhole: boolean; readonly nowMs: number },
): void {
  const { ask, lane, slot, status, sentMs, firstByteMs, paused, answerBytes, kept } = job;
  if (slot?.witness === undefined) return;
  const told = {
    ask,
    deployment: lane.deployment,
    status,
    isWhole: given.isWhole,
    firstByteMs: firstByteMs === undefined ? undefined : firstByteMs - sentMs,
    tookMs: given.nowMs - sentMs,
    paused,
    answerBytes,
    usage: job.used.usage,
    kept,
  };
  testify(slot.witness, told, floor.scorer);
}

/** Somebody may have something to say about the answer later. */
function noteAnswered({ directory }: Floor, { ask, slot, isCopy }: Job): void {
  if (slot !== undefined && !isCopy) directory.answered.note(ask.tenant, ask.requestId, slot.answerer);
}

const paceWeight = 0.1;
const paceMax = 32;

function learnPace(slot: Slot, tookMs: number, predictedMs: number | undefined): void {
  if (predictedMs === undefined || predictedMs <= 0) return;
  const ratio = Math.min(paceMax, Math.max(1 / paceMax, tookMs / predictedMs));
  slot.pace += paceWeight * (ratio - slot.pace);
}

/** What really happened goes into the service curve: tokens as reported, else as estimated from bytes. */
function learnService(job: Job, usage: Usage, tookMs: number): void {
  const { slot, group } = job;
  // A batch is over with its last member. A slow reader says nothing about the replica.
  if (slot === undefined || job.paused || (group !== undefined && group.left > 1)) return;
  const isReported = !job.isCounted && usage.promptTokens + usage.completionTokens > 0;
  const inputs = group?.size ?? (isReported ? usage.promptTokens : job.inputs);
  const outputs = isReported ? usage.completionTokens : job.outputs;
  learnPace(slot, tookMs, predictMs(slot.curve, inputs, outputs));
  learn(slot.curve, { inputs, outputs, tookMs });
  learnExpectation(job, usage);
}

/**
 * Nobody waits for the answer any more, and it has not begun: it would have taken longer than this at least. A replica
 * so slow that its callers always leave would otherwise never be known as slow.
 */
function learnSlowness(floor: Floor, job: Job, tookMs: number): void {
  const { slot, group, firstByteMs, lane } = job;
  if (slot === undefined || group !== undefined || firstByteMs !== undefined) return;
  const curve = slot.curve.samples > 0 ? slot.curve : floor.directory.at(lane.key)?.curve;
  const predictedMs = curve && untilFirstByteMs(job, curve);
  if (predictedMs !== undefined && tookMs > predictedMs) learnPace(slot, tookMs, predictedMs);
}

/** Takes the request off its replica; the last of a group frees the place, where its first answer has not. */
export function release(job: Job, nowMs: number): void {
  const { slot, group } = job;
  if (slot === undefined) return;
  noteTaken(job.lane.traffic, -1 / (group?.size ?? 1), nowMs);
  endReading(job, slot, undefined);
  slot.changedMs = nowMs;
  if (group !== undefined) group.left -= 1;
  if (group === undefined || (group.left === 0 && group.holds)) slot.inFlight -= 1;
  slot.workMs = slot.inFlight === 0 ? 0 : Math.max(0, slot.workMs - job.slotWorkMs);
  job.slot = undefined;
  job.group = undefined;
  job.lane.running -= 1;
}

/** Ends the second call, of which nobody hears any more. */
export function dropSecond(job: Job, nowMs: number): void {
  const { second } = job;
  if (second === undefined) return;
  const { slot, call, workMs } = second;
  job.second = undefined;
  noteTaken(job.lane.traffic, -1, nowMs);
  slot.inFlight -= 1;
  slot.workMs = slot.inFlight === 0 ? 0 : slot.workMs - workMs;
  slot.changedMs = nowMs;
  call?.cancel();
}

function leaveOrder(job: Job, tookMs: number): void {
  const { entry, lane } = job;
  if (entry === undefined) return;
  if (entry.waits) withdraw(lane.order, entry);
  else complete(lane.order, entry, tookMs);
}

interface Ended {
  readonly tookMs: number;
  readonly nowMs: number;
  readonly isWhole: boolean;
}

/** What its end adds to the traffic of its lane. Who was refused would have waited for ever. */
function noteEnd(job: Job, { tookMs, nowMs, isWhole }: Ended): void {
  const { traffic } = job.lane;
  const isUntold = job.attempts === 0 || (job.ask.stream && job.firstByteMs === undefined);
  if (isUntold) noteDue(traffic, job.status === 499 ? nowMs - job.arrivedMs : Infinity);
  if (job.attempts === 0) noteTurn(traffic, job.weightMs);
  else if (isWhole && job.status < 400) noteTook(traffic, tookMs / (job.group?.size ?? 1));
}

/** Gives back whatever the request holds, and lets the next one go. Only for a request that is not over. */
function settle(floor: Floor, job: Job, isWhole: boolean): void {
  const nowMs = floor.clock.monotonicMs();
  const { usage } = job.used;
  const tookMs = nowMs - (job.group?.turnedMs ?? job.sentMs);
  job.over = true;
  disarm(job);
  leaveOrder(job, job.group === undefined ? tookMs : tookMs / job.group.size);
  if (isWhole && job.status < 400) {
    learnService(job, usage, tookMs);
    noteAnswered(floor, job);
  }
  if (!isWhole) learnSlowness(floor, job, tookMs);
  giveEvidence(floor, job, { isWhole, nowMs });
  noteEnd(job, { tookMs, nowMs, isWhole });
  dropSecond(job, nowMs);
  release(job, nowMs);
  account(floor, job, { usage, nowMs });
  floor.left();
  floor.wake(job.lane);
}

export function end(floor: Floor, job: Job): void {
  if (job.over) return;
  settle(floor, job, true);
  job.listener.ended();
}

export function fail(floor: Floor, job: Job, cause: Problem): void {
  if (job.over) return;
  job.status = problems[cause.code].status;
  settle(floor, job, false);
  job.listener.failed(cause);
}

/** Fails a request that a replica works on, and stops the replica's work. */
export function breakOff(floor: Floor, job: Job, cause: Problem): void {
  const { call } = job;
  fail(floor, job, cause);
  call?.cancel();
}

/** It waited in vain, until its caller left or its time was up: what that says about waits and about patience. */
export function learnVainWait(floor: Floor, job: Job, why: 'left' | 'expired'): void {
  if (job.entry?.waits !== true || job.expectedWaitMs === undefined) return;
  const waited = {
    predictedMs: job.expectedWaitMs,
    waitedMs: floor.clock.monotonicMs() - job.arrivedMs,
  };
  const learnEnd = why === 'left' ? learnLeft : learnExpired;
  learnEnd(job.lane.admitting, job.ask.priority, waited);
}

/** The caller went away: out of the queue, or the connection to the replica closed at once. */
export function cancel(floor: Floor, job: Job): void {
  if (job.over) return;
  const { call } = job;
  if (job.entry?.waits === true) count(job.lane.tally, 'caller-left');
  learnVainWait(floor, job, 'left');
  job.status = 499;
  settle(floor, job, false);
  call?.cancel();
}
