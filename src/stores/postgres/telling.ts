import type { Clock, Store, WatchEvent } from '#contracts';
import { createLine, type ServerAddress } from '#postgres';
import { decideReplay } from '../replay-rules.ts';
import type { WatchHub } from '../watch-hub.ts';
import type { Reads } from './reads.ts';

export interface TellingDeps {
  readonly reads: Reads;
  readonly hub: WatchHub;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly address: ServerAddress;
  /** The newest version that nobody has to be told of. */
  readonly told: number;
}

/** Tells watchers here of every commit, whichever process made it, in order. */
export interface Telling {
  /** After a commit of our own: resolves when the watchers here have heard of it. */
  committed(): Promise<void>;
  /** The same of commits of others. Rejects where the server cannot be asked. */
  catchUp(): Promise<void>;
  readonly watch: Store['watch'];
  close(): Promise<void>;
}

/** Changes of other processes whose notification got lost are found after so long. */
const lookMs = 1000;

/** One after another, in the order they were asked for; one that fails does not keep the next from running. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function versionOf({ resource }: WatchEvent): number {
  return Number(resource.metadata.resourceVersion);
}

export function createTelling({ reads, hub, clock, address, told: from }: TellingDeps): Telling {
  const inTurn = createTurns();
  let told = from;
  let cancelLook: (() => void) | undefined;
  let open = true;

  async function tell(): Promise<void> {
    const { oldest, newest } = await reads.history();
    if (newest <= told) return;
    // What came between is not kept any more.
    if (oldest > told + 1) hub.lose();
    const events = await reads.changesAfter(told);
    told = Math.max(newest, ...events.map(versionOf));
    hub.publish(events);
  }
  async function lookOnce(): Promise<void> {
    // A server that is away is looked at again.
    await inTurn(tell).catch(() => undefined);
    cancelLook?.();
    if (open) cancelLook = clock.setTimer(lookMs, () => void lookOnce());
  }
  const line = createLine(address, 'store', () => void lookOnce());
  void lookOnce();
  return {
    catchUp: () => inTurn(tell),
    async committed() {
      // The commit stands, whatever becomes of the telling: the next look makes up for it.
      await inTurn(tell).catch(() => undefined);
      void line.notify(String(told));
    },
    watch: (sinceVersion, listener, lost) =>
      inTurn(async () => {
        await tell();
        const replay = decideReplay(sinceVersion, await reads.history());
        if (!replay.ok) return replay;
        // What is newer than what was told comes with the next telling.
        const missed = (await reads.changesAfter(replay.after)).filter((event) => versionOf(event) <= told);
        return { ok: true, stop: hub.add(listener, missed, lost) };
      }),
    async close() {
      open = false;
      cancelLook?.();
      await line.close();
      await inTurn(() => Promise.resolve());
    },
  };
}
