import type { CallInFlight } from '#contracts';
import type { Ask, AskListener } from './ask.ts';
import type { Lane } from './lane.ts';
import type { Slot } from './route.ts';
import { createTail } from './usage.ts';

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
