import type { ScaleLoad } from '#policies';
import { sustainedRatePerS } from '../engine/replica-model.ts';
import type { EngineShape } from '../engine/batch.ts';
import type { SequenceWork } from '../engine/sequence.ts';

/** What has come, what waits and what was late since it was last read. */
export interface LoadMeter {
  arrived(work: SequenceWork): void;
  /** It waits no longer: sent to a replica, or refused. */
  left(work: SequenceWork): void;
  answered(ttftMs: number | undefined, inTime: boolean): void;
  /** The load since the last reading. */
  read(reading: Reading): ScaleLoad;
}

interface Reading {
  readonly elapsedMs: number;
  readonly requestsInside: number;
  readonly concurrency: number;
  /** Time that ready replicas computed since the last reading, and how many there are. */
  readonly busyMs: number;
  readonly ready: number;
}

export function createLoadMeter(shape: EngineShape): LoadMeter {
  let offeredS = 0;
  let waitingS = 0;
  let ttft = { count: 0, sumMs: 0 };
  let due = { count: 0, late: 0 };
  /** A request's share of a replica that is always full. */
  const costS = (work: SequenceWork): number => 1 / sustainedRatePerS(shape, work);
  return {
    arrived(work) {
      offeredS += costS(work);
      waitingS += costS(work);
    },
    left(work) {
      waitingS -= costS(work);
    },
    answered(ttftMs, inTime) {
      due = { count: due.count + 1, late: due.late + (inTime ? 0 : 1) };
      if (ttftMs !== undefined) ttft = { count: ttft.count + 1, sumMs: ttft.sumMs + ttftMs };
    },
    read({ elapsedMs, requestsInside, concurrency, busyMs, ready }) {
      const load: ScaleLoad = {
        offered: (offeredS * 1000) / elapsedMs,
        backlog: Math.max(0, waitingS),
        occupied: requestsInside / concurrency,
        utilisation: ready === 0 ? 0 : Math.min(1, Math.max(0, busyMs / (elapsedMs * ready))),
        latencyMs: ttft.count === 0 ? undefined : ttft.sumMs / ttft.count,
        due,
      };
      offeredS = 0;
      ttft = { count: 0, sumMs: 0 };
      due = { count: 0, late: 0 };
      return load;
    },
  };
}
