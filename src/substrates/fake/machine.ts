import type { Clock, ReplicaHandle } from '#contracts';

/** A process of the fake machine. */
export interface FakeProcess {
  readonly handle: ReplicaHandle;
  readonly fate: Fate;
  /** Called once when it ends, with the reason; never for those who stopped watching. */
  readonly watchers: Set<(reason: string) => void>;
  alive: boolean;
}

/** What becomes of a replica. Times count from its start, in milliseconds. */
export interface Fate {
  /** The start is refused with this message. */
  readonly refuse?: string | undefined;
  /** How long the start takes; 0 when absent. */
  readonly startMs?: number | undefined;
  /** It ends by itself after this long. */
  readonly exitAfterMs?: number | undefined;
  readonly exitReason?: string | undefined;
  /** How long it takes to end when it is asked to; 0 when absent. */
  readonly stopMs?: number | undefined;
  /** It does not end when asked to, only when killed. */
  readonly ignoreStop?: boolean | undefined;
  /** False: another substrate instance cannot take it over. */
  readonly adoptable?: boolean | undefined;
  /** What it writes when it starts. */
  readonly lines?: readonly string[] | undefined;
}

/** What the fake replicas run on: it outlives substrate instances as a real machine outlives the platform. */
export interface FakeMachine {
  boot(handle: ReplicaHandle, fate: Fate): FakeProcess;
  find(replica: string): FakeProcess | undefined;
  list(): readonly FakeProcess[];
  /** Ends a replica the way kill -9 would, or with a reason of your own. */
  kill(replica: string, reason?: string): void;
  /** A number that no process had before. */
  nextNumber(): number;
}

/** So many of the dead are remembered, for their lines. */
const deadMax = 1000;

export function createFakeMachine(clock: Clock): FakeMachine {
  const processes = new Map<string, FakeProcess>();
  let booted = 0;

  const forgetOldest = (): void => {
    const dead = [...processes].filter(([, { alive }]) => !alive);
    for (const [replica] of dead.slice(0, Math.max(0, dead.length - deadMax))) processes.delete(replica);
  };

  const end = (process: FakeProcess, reason: string): void => {
    if (!process.alive) return;
    process.alive = false;
    forgetOldest();
    const watchers = [...process.watchers];
    process.watchers.clear();
    for (const watcher of watchers) watcher(reason);
  };

  return {
    boot: (handle, fate) => {
      const process: FakeProcess = { handle, fate, watchers: new Set(), alive: true };
      processes.set(handle.replica, process);
      if (fate.exitAfterMs !== undefined) {
        clock.setTimer(fate.exitAfterMs, () => end(process, fate.exitReason ?? 'exited with code 1'));
      }
      return process;
    },
    find: (replica) => processes.get(replica),
    list: () => [...processes.values()].filter(({ alive }) => alive),
    kill: (replica, reason = 'killed by SIGKILL') => {
      const process = processes.get(replica);
      if (process !== undefined) end(process, reason);
    },
    nextNumber: () => (booted += 1),
  };
}
