import type { CatchUp } from '#dispatch';
import type { Clock, Peers } from '#contracts';

/** Nobody waits longer for what others may have written. */
const patienceMs = 1000;
/** So often at most: whoever asks for what does not exist must not be able to keep the store busy. */
const apartMs = 20;

interface CatchUpDeps {
  readonly peers: Pick<Peers, 'catchUp'>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimer'>;
}

/** Hears what other processes have written. Everybody who asks before the next look begins shares it; never rejects. */
export function createCatchUp({ peers, clock }: CatchUpDeps): CatchUp {
  let next: Promise<void> | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;

  function after(ms: number): { readonly over: Promise<void>; readonly cancel: () => void } {
    let cancel: (() => void) | undefined;
    const over = new Promise<void>((resolve) => {
      cancel = clock.setTimer(ms, resolve);
    });
    return { over, cancel: () => cancel?.() };
  }
  async function look(): Promise<void> {
    await after(Math.max(0, lookedAtMs + apartMs - clock.monotonicMs())).over;
    next = undefined;
    lookedAtMs = clock.monotonicMs();
    const limit = after(patienceMs);
    // A store that is away cannot tell more than is known here.
    await Promise.race([peers.catchUp().catch(() => undefined), limit.over]);
    limit.cancel();
  }
  return () => (next ??= look());
}
