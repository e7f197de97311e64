import type { CallInFlight } from '#contracts';
import type { Entry, FairOrder, WorkLimitMemory } from '#policies';
import type { Ask, AskListener } from './ask.ts';
import type { Asked } from './asked.ts';
import type { Choosing } from './choosing.ts';
import type { Expectation } from './expectation.ts';
import type { Gathering } from './gathering.ts';
import type { Mending } from './mending.ts';
import type { Slot } from './route.ts';
import type { Tally } from './tally.ts';
import type { Traffic } from './traffic.ts';
import { UsageReader } from './usage.ts';
import type { Kept } from './witness/kept.ts';

/** What dispatch remembers of one deployment between requests. */
export interface Lane {
  /** Of its route. */
  readonly key: string;
  readonly deployment: string;
  /** What waits; bounded by the deployment's `queueDepthMax`. */
  readonly order: FairOrder<Job>;
  /** Sent and not yet over. */
  running: number;
  /** True while those who wait are being looked through. */
  pumping: boolean;
  /** Wakes those who wait when nothing else would. */
  stopTimer: (() => void) | undefined;
  /** What the policies remember. */
  readonly choosing: Choosing;
  readonly mending: Mending;
  readonly admitting: WorkLimitMemory;
  readonly expectation: Expectation;
  readonly gathering: Gathering;
  /** Why requests were sent, kept waiting or refused. */
  readonly tally: Tally;
  /** From which the load is read. */
  readonly traffic: Traffic;
}

/** Requests that were sent together to one replica, where they take one place until their run is over. */
export interface Group {
  /** Unique: what the replica knows its members by. */
  readonly id: string;
  readonly size: number;
  /** Members that are not over. */
  left: number;
  /** It still takes its place: none of its answers has begun. */
  holds: boolean;
  /** When the replica turned to it: when it was sent, or when the run before it ended. */
  turnedMs: number;
}

/** One call to a replica. */
export interface Leg {
  /** Tells the calls of a request apart. */
  readonly leg: number;
  readonly slot: Slot;
  call: CallInFlight | undefined;
  readonly workMs: number;
  readonly sentMs: number;
}

/** One request between its arrival and its end. Times are monotonic milliseconds. */
export interface Job {
  readonly ask: Ask;
  /** Another one when the version that it was for takes no more requests. */
  lane: Lane;
  readonly listener: AskListener;
  readonly arrivedMs: number;
  /** What it should cost, estimated when it came: tokens of the prompt and of the answer, or 1 and 0 in a batch. */
  inputs: number;
  outputs: number;
  /** Its engine takes batches: work is counted in requests, not in tokens. */
  isCounted: boolean;
  /** Predicted time in its place; undefined while the curve is unmeasured. */
  workMs: number | undefined;
  /** What it weighs in the traffic of its lane. */
  weightMs: number;
  /** How long it was expected to wait; undefined when it did not have to, or nobody could tell. */
  expectedWaitMs: number | undefined;
  /** Its place in the order, once it had to wait. */
  entry: Entry<Job> | undefined;
  /** As routing sees it, once there was more than one replica to choose from. */
  asked: Asked | undefined;
  /** While a replica reads its prompt: how long that should take, and whether it reads nothing else. */
  reading: { readonly predictedMs: number; readonly alone: boolean } | undefined;
  /** When it was sent to a replica; of the last attempt. */
  sentMs: number;
  firstByteMs: number | undefined;
  /** Calls made so far; which of them the request now lives by. */
  attempts: number;
  leg: number;
  /** A second call for the same request, until one of the two answers. */
  second: Leg | undefined;
  /** Whether it may have a second call, and how long after the first. */
  hedges: boolean;
  hedgeAfterMs: number | undefined;
  /** A replica that failed it: others are asked first. */
  avoided: Slot | undefined;
  status: number;
  slot: Slot | undefined;
  /** Work it was put on its slot's account with. */
  slotWorkMs: number;
  group: Group | undefined;
  call: CallInFlight | undefined;
  stopTimer: (() => void) | undefined;
  stopHedge: (() => void) | undefined;
  /** The client let its answer wait at some time: how long it took says nothing about the replica. */
  paused: boolean;
  over: boolean;
  answerBytes: number;
  /** What its answer says that it cost. */
  readonly used: UsageReader;
  /** Its whole answer, where somebody wants to read that at its end. */
  kept: Kept | undefined;
  /** Asked for a shadow: nobody pays for it, and no meter counts it. */
  readonly isCopy: boolean;
}

export function createJob(given: Pick<Job, 'ask' | 'lane' | 'listener' | 'arrivedMs' | 'isCopy'>): Job {
  const { ask, lane, listener, arrivedMs, isCopy } = given;
  return {
    ask,
    lane,
    listener,
    arrivedMs,
    inputs: 0,
    outputs: 0,
    isCounted: false,
    workMs: undefined,
    weightMs: 0,
    expectedWaitMs: undefined,
    entry: undefined,
    asked: undefined,
    reading: undefined,
    sentMs: arrivedMs,
    firstByteMs: undefined,
    attempts: 0,
    leg: 0,
    second: undefined,
    hedges: false,
    hedgeAfterMs: undefined,
    avoided: undefined,
    status: 0,
    slot: undefined,
    slotWorkMs: 0,
    group: undefined,
    call: undefined,
    stopTimer: undefined,
    stopHedge: undefined,
    paused: false,
    over: false,
    answerBytes: 0,
    used: new UsageReader(),
    kept: undefined,
    isCopy,
  };
}

/** How much of the caller's patience is left. */
export function leftMs({ ask, arrivedMs }: Job, nowMs: number): number {
  return ask.deadlineMs === undefined ? Infinity : ask.deadlineMs - (nowMs - arrivedMs);
}

export function disarm(job: Job): void {
  job.stopTimer?.();
  job.stopTimer = undefined;
  job.stopHedge?.();
  job.stopHedge = undefined;
}
