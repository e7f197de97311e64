import type { Problem } from '#schema';
import { hearTook, noteFreed } from '#policies';
import type { ReplyHead, ReplyListener } from '#contracts';
import { noteAnswer, noteReached } from '../health.ts';
import { disarm, type Job, type Leg } from '../job.ts';
import { countReason } from '../mending.ts';
import { endReading } from '../reading.ts';
import type { Slot } from '../route.ts';
import { noteRun } from '../runs.ts';
import { noteBegun, noteDue } from '../traffic.ts';
import { createKept, keep } from '../witness/kept.ts';
import type { Floor } from './floor.ts';
import { promoteSecond } from './hedging.ts';
import { askedAgain, askedElsewhere, attemptFailed, noteFailure } from './retry.ts';
import { breakOff, dropSecond, end } from './settle.ts';
import { isFailure, unfitness } from './unfit.ts';

/** The first answer of a batch says that its run is over: the next may start while the answers go their way. */
function endRun(floor: Floor, { group, slot, lane }: Job, runMs: number | undefined): void {
  if (group === undefined || slot === undefined || !group.holds) return;
  const nowMs = floor.clock.monotonicMs();
  group.holds = false;
  noteRun(slot, group, { nowMs, runMs });
  slot.inFlight -= 1;
  noteFreed(lane.gathering.returns, { nowMs, answered: group.size });
  floor.wake(lane);
}

/** What the head of an answer says about its replica. */
function noteHead(floor: Floor, job: Job, { slot, status }: { slot: Slot; status: number }): void {
  const nowMs = floor.clock.monotonicMs();
  noteReached(job.lane, slot, { event: 'answered', nowMs });
  const isGood = !isFailure(slot, status);
  const route = isGood ? undefined : floor.directory.at(job.lane.key);
  noteAnswer(job.lane, slot, { route, isGood, nowMs });
}

/** Where somebody wants to read it, the answer is kept as it passes. */
function keepForWitness(job: Job, { witness }: Slot): void {
  job.kept = witness?.reads === true && job.status < 400 ? createKept() : undefined;
}

function hearHead(floor: Floor, job: Job, head: ReplyHead): void {
  const { slot } = job;
  if (slot === undefined) return;
  noteHead(floor, job, { slot, status: head.status });
  const unfit = unfitness(slot, head.status);
  if (unfit !== undefined) {
    if (!askedElsewhere(floor, job, head.status)) breakOff(floor, job, unfit);
    return;
  }
  if (askedAgain(floor, job, head.status)) return;
  disarm(job);
  job.status = head.status;
  keepForWitness(job, slot);
  if (head.status < 400) endRun(floor, job, head.runMs);
  job.firstByteMs = floor.clock.monotonicMs();
  noteBegun(job.lane.traffic, job.firstByteMs - job.arrivedMs);
  if (job.ask.stream) noteDue(job.lane.traffic, job.firstByteMs - job.arrivedMs);
  endReading(job, slot, job.firstByteMs);
  if (job.hedges) hearTook(job.lane.mending.hedging, job.firstByteMs - job.sentMs);
  job.listener.started(head, {
    deployment: job.lane.deployment,
    model: slot.model,
    queueMs: job.sentMs - job.arrivedMs,
    firstByteMs: job.firstByteMs - job.arrivedMs,
  });
}

/** Of two calls one answers: the other is ended at once. An error leaves the request to the other. */
function hearOneOfTwo(floor: Floor, job: Job, given: { leg: number; second: Leg; head: ReplyHead }): void {
  const { leg, second, head } = given;
  const nowMs = floor.clock.monotonicMs();
  const isSecond = leg === second.leg;
  const { call, slot } = isSecond ? second : job;
  if (slot !== undefined && isFailure(slot, head.status)) {
    noteHead(floor, job, { slot, status: head.status });
    if (isSecond) dropSecond(job, nowMs);
    else {
      promoteSecond(job, nowMs);
      call?.cancel();
    }
    return;
  }
  if (isSecond) {
    const first = job.call;
    countReason(job.lane.mending, 'hedge-won');
    promoteSecond(job, nowMs);
    first?.cancel();
  } else dropSecond(job, nowMs);
  hearHead(floor, job, head);
}

/** One of the two calls broke: the other goes on alone. */
function loseOneOfTwo(floor: Floor, job: Job, given: { leg: number; second: Leg; sent: boolean }): void {
  const { leg, second, sent } = given;
  const nowMs = floor.clock.monotonicMs();
  const slot = leg === second.leg ? second.slot : job.slot;
  if (slot !== undefined) noteFailure(floor, job, { slot, sent });
  if (leg === second.leg) dropSecond(job, nowMs);
  else promoteSecond(job, nowMs);
}

/**
 * Hears one call of a request, for as long as the request lives by it. A class, since one is made for every call and
 * every chunk passes it.
 */
class CallListener implements ReplyListener {
  private readonly floor: Floor;
  private readonly job: Job;
  private readonly leg: number;

  constructor(floor: Floor, job: Job, leg: number) {
    this.floor = floor;
    this.job = job;
    this.leg = leg;
  }

  started(head: ReplyHead): void {
    const { floor, job, leg } = this;
    if (!this.isHeard()) return;
    const { second } = job;
    if (second === undefined) hearHead(floor, job, head);
    else {
      hearOneOfTwo(floor, job, { leg, second, head });
      // One of the two is over, and its place free.
      floor.wake(job.lane);
    }
  }

  received(bytes: Uint8Array, isLast = false): boolean {
    const { job } = this;
    if (job.over || job.leg !== this.leg) return true;
    job.answerBytes += bytes.length;
    job.used.push(bytes);
    if (job.kept !== undefined) keep(job.kept, bytes);
    const { listener } = job;
    if (listener.received(listener.borrows === true ? bytes : new Uint8Array(bytes), isLast)) return true;
    job.paused = true;
    return false;
  }

  ended(): void {
    if (this.job.leg === this.leg) end(this.floor, this.job);
  }

  failed(cause: Problem, sent: boolean): void {
    const { floor, job, leg } = this;
    if (!this.isHeard()) return;
    const { second } = job;
    if (second === undefined) attemptFailed(floor, job, { cause, sent });
    else {
      loseOneOfTwo(floor, job, { leg, second, sent });
      floor.wake(job.lane);
    }
  }

  /** The request is not over and lives by this call, or may yet. */
  private isHeard(): boolean {
    const { job, leg } = this;
    return !job.over && (job.leg === leg || job.second?.leg === leg);
  }
}

export function listen(floor: Floor, job: Job, leg: number): ReplyListener {
  return new CallListener(floor, job, leg);
}
