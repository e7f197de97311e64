import type { Clock, Log, ReplicaExit, ReplicaHandle } from '#contracts';
import { isAlive, type ProcessIdentity } from './identity.ts';
import { boundLog } from './logs.ts';
import { reasonOf, type Ending } from './reason.ts';

interface Watched {
  readonly handle: ReplicaHandle;
  readonly identity: ProcessIdentity;
  readonly logPath: string;
  /** Resolves when our own child ends; absent for adopted ones, which are looked at instead. */
  readonly ended?: Promise<Ending> | undefined;
}

export interface WatchDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly logBytesMax: number;
}

/** Keeps an eye on processes: that they live, and that their logs stay small. */
export interface Watch {
  add(watched: Watched): void;
  /** From now on its end is expected. */
  remove(identity: ProcessIdentity): void;
  has(identity: ProcessIdentity): boolean;
  onExit(listener: (exit: ReplicaExit) => void): () => void;
  logPaths(): ReadonlySet<string>;
}

const lookEveryMs = 500;

export function createWatch({ clock, log, logBytesMax }: WatchDeps): Watch {
  const watched = new Map<string, Watched>();
  const listeners = new Set<(exit: ReplicaExit) => void>();
  let looking = false;

  const tell = (exit: ReplicaExit): void => {
    for (const listener of listeners) {
      try {
        listener(exit);
      } catch (error) {
        log.error('exit-listener-failed', { replica: exit.replica, message: String(error) });
      }
    }
  };

  const gone = async (one: Watched, ending: Ending | undefined): Promise<void> => {
    // Asked to end, or already told.
    if (!watched.delete(key(one.identity))) return;
    const reason = await reasonOf(ending, one.logPath);
    tell({ replica: one.handle.replica, reason });
  };

  const look = async (): Promise<void> => {
    for (const one of watched.values()) {
      await boundLog(one.logPath, logBytesMax).catch((error: unknown) => {
        log.debug('replica-log-not-cut', { replica: one.handle.replica, message: String(error) });
      });
      if (one.ended === undefined && !(await isAlive(one.identity))) await gone(one, undefined);
    }
  };

  const keepLooking = (): void => {
    looking = watched.size > 0;
    if (!looking) return;
    clock.setTimer(lookEveryMs, () => {
      look()
        .catch((error: unknown) => log.error('process-watch-failed', { message: String(error) }))
        .finally(keepLooking);
    });
  };

  return {
    add: (one) => {
      watched.set(key(one.identity), one);
      void one.ended?.then((ending) => gone(one, ending));
      if (!looking) keepLooking();
    },
    remove: (identity) => void watched.delete(key(identity)),
    has: (identity) => watched.has(key(identity)),
    onExit: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    logPaths: () => new Set([...watched.values()].map(({ logPath }) => logPath)),
  };
}

function key({ pid, started }: ProcessIdentity): string {
  return `${pid} ${started}`;
}
