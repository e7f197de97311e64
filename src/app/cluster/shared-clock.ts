import type { Clock, Peers } from '#contracts';

/** A clock that tells the time of whoever keeps the record that all processes share. */
export interface SharedClock {
  readonly clock: Clock;
  /** Asks for the time now and every so often. The function that is returned ends it. */
  follow(peers: Pick<Peers, 'nowMs'>): Promise<() => void>;
}

const everyMs = 10_000;
/** An answer that took longer says too little. */
const roundTripMaxMs = 500;

/**
 * Leases, deadlines and delays are written by one process and read by another, so all of them go by one clock. Between
 * two looks at it the monotonic clock counts on: nobody is disturbed by a machine whose own time is wrong or jumps.
 */
export function createSharedClock(own: Clock): SharedClock {
  let offsetMs: number | undefined;

  async function look(peers: Pick<Peers, 'nowMs'>): Promise<void> {
    const askedMs = own.monotonicMs();
    const thereMs = await peers.nowMs();
    const tookMs = own.monotonicMs() - askedMs;
    if (offsetMs === undefined || tookMs <= roundTripMaxMs) offsetMs = thereMs - (askedMs + tookMs / 2);
  }

  return {
    clock: {
      ...own,
      nowMs: () => (offsetMs === undefined ? own.nowMs() : Math.round(own.monotonicMs() + offsetMs)),
    },
    async follow(peers) {
      await look(peers);
      let cancel: (() => void) | undefined;
      const arm = (): void => {
        cancel = own.setTimer(everyMs, () => {
          arm();
          // While it is out of reach, our own counting has to do.
          look(peers).catch(() => undefined);
        });
      };
      arm();
      return () => cancel?.();
    },
  };
}
