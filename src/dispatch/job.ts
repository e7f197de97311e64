import type { CallInFlight } from '#contracts';
import type { Ask, AskListener } from './ask.ts';
import type { Slot } from './route.ts';
import { createTail } from './usage.ts';

/** What dispatch remembers of one deployment between requests. */
export interface Lane {
  readonly deployment: string;
  /** In the order of arrival; bounded by the deployment's `queueDepthMax`. */
  readonly waiting: Set<Job>;
  /** Sent and not yet over. */
  running: number;
  /** True while those who wait are being looked through. */
  pumping: boolean;
  turn: number;
  /** Mean time a request occupies a replica; undefined while none has ended well. */
  serviceMs: number | undefined;
}

/** One request between its arrival and its end. Times are monotonic milliseconds. */
export interface Job {
  readonly ask: Ask;
  readonly lane: Lane;
  readonly listener: AskListener;
  readonly arrivedMs: number;
  /** When it was sent to a replica; of the last attempt. */
  sentMs: number;
  firstByteMs: number | undefined;
  attempts: number;
  status: number;
  slot: Slot | undefined;
  call: CallInFlight | undefined;
  stopTimer: (() => void) | undefined;
  over: boolean;
  readonly tail: ReturnType<typeof createTail>;
}

export function createJob(given: Pick<Job, 'ask' | 'lane' | 'listener' | 'arrivedMs'>): Job {
  const { ask, lane, listener, arrivedMs } = given;
  return {
    ask,
    lane,
    listener,
    arrivedMs,
    sentMs: arrivedMs,
    firstByteMs: undefined,
    attempts: 0,
    status: 0,
    slot: undefined,
    call: undefined,
    stopTimer: undefined,
    over: false,
    tail: createTail(),
  };
}

export function disarm(job: Job): void {
  job.stopTimer?.();
  job.stopTimer = undefined;
}
