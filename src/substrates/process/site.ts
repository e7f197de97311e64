import type { Clock, Log, ReplicaHandle } from '#contracts';
import type { Idle } from './idle.ts';
import type { ProcessIdentity } from './identity.ts';
import type { Places } from './places.ts';
import type { Watch } from './watch.ts';

export const substrateName = 'process';

/** What the verbs of the substrate share. */
export interface Site {
  readonly runDir: string;
  readonly logDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: Readonly<Record<string, string>>;
  readonly listenOn: 'unix' | 'tcp';
  readonly host: string;
  readonly idle: Idle;
  readonly placesOf: (replica: string) => Places;
  readonly watch: Watch;
  /** Replicas between the decision to start them and their first watch. */
  readonly starting: Set<string>;
}

export function handleOf(replica: string, endpoint: string, identity: ProcessIdentity): ReplicaHandle {
  return { substrate: substrateName, replica, endpoint, identity: { ...identity } };
}

/** `undefined` for replicas that run elsewhere. */
export function identityOf({ identity }: ReplicaHandle): ProcessIdentity | undefined {
  const { pid, started } = identity;
  return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
}

export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve);
  });
}
