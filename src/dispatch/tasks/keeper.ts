import { problemOf } from '#schema';
import type { Clock, Log, TaskQueue } from '#contracts';
import type { Payloads } from './payloads.ts';

export interface KeeperDeps {
  readonly queue: TaskQueue;
  readonly payloads: Payloads;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Keeper {
  start(): void;
  stop(): Promise<void>;
}

const tendMs = 250;

/** Lets time pass for the tasks: delays end, lost leases are taken back, deadlines and keeping times run out. */
export function createTaskKeeper({ queue, payloads, clock, log }: KeeperDeps): Keeper {
  let stopped = true;
  let cancel: (() => void) | undefined;
  let tending: Promise<void> = Promise.resolve();

  async function tend(): Promise<void> {
    let more = false;
    try {
      const tended = await queue.tend();
      await payloads.drop(tended.dropped);
      ({ more } = tended);
    } catch (fault) {
      log.error('tasks-untended', { message: problemOf(fault).message });
    }
    if (!stopped) arm(more ? 0 : tendMs);
  }
  function arm(delayMs: number): void {
    cancel = clock.setTimer(delayMs, () => {
      tending = tend();
    });
  }
  return {
    start() {
      stopped = false;
      tending = tend();
    },
    async stop() {
      stopped = true;
      cancel?.();
      await tending;
    },
  };
}
