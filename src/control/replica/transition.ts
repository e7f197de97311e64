import {
  problem,
  ProblemError,
  replicaLifecycle,
  type Replica,
  type ReplicaEvent,
  type ReplicaStatus,
} from '#schema';
import { timestamp } from '../records.ts';

export interface Transition {
  readonly event: ReplicaEvent;
  readonly nowMs: number;
  /** Why, for people. */
  readonly message?: string | undefined;
}

/** What became of the replica; `same` when the event means nothing in its state. */
export type Transitioned =
  | { readonly kind: 'changed'; readonly replica: Replica }
  | { readonly kind: 'removed' }
  | { readonly kind: 'same' };

/** A record that was written before the platform knew the state is at its beginning. */
export function statusOf(replica: Replica): ReplicaStatus {
  return replica.status ?? { state: 'starting', since: replica.metadata.createdAt ?? timestamp(0) };
}

/** The only way a replica's state changes: by the table of its life. */
export function transition(replica: Replica, { event, nowMs, message }: Transition): Transitioned {
  const status = statusOf(replica);
  const next = replicaLifecycle[status.state][event];
  if (next === 'forbidden')
    throw new ProblemError(problem('internal', `A replica that is ${status.state} cannot be "${event}".`));
  if (next === 'removed') return { kind: 'removed' };
  if (next === 'ignore') return { kind: 'same' };
  const { endpoint, identity, concurrency } = status;
  return {
    kind: 'changed',
    replica: {
      ...replica,
      status: { state: next, since: timestamp(nowMs), message, endpoint, identity, concurrency },
    },
  };
}

/** What tells the substrate which process it is; absent while none was started. */
export function handleOf(replica: Replica):
  | {
      readonly substrate: string;
      readonly replica: string;
      readonly endpoint: string;
      readonly identity: Readonly<Record<string, string | number>>;
    }
  | undefined {
  const { endpoint, identity } = statusOf(replica);
  if (endpoint === undefined || identity === undefined) return undefined;
  return { substrate: replica.spec.substrate, replica: replica.metadata.name, endpoint, identity };
}
