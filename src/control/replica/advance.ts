import type { Replica } from '#schema';
import type { Change } from '#contracts';
import type { NodeDeps } from '../deps.ts';
import { commit, removing, replacing, type Acted } from '../records.ts';
import { statusOf, transition, type Transition } from './transition.ts';

export type Cause = Omit<Transition, 'nowMs'>;

/** Writes what an event makes of a replica, takes removed ones away, and tells the log and the meters. */
export async function advance(
  { store, clock, log, meters }: Pick<NodeDeps, 'store' | 'clock' | 'log' | 'meters'>,
  replica: Replica,
  { event, message }: Cause,
): Promise<Acted> {
  const next = transition(replica, { event, message, nowMs: clock.nowMs() });
  if (next.kind === 'same') return 'done';
  const change: Change = next.kind === 'removed' ? removing(replica) : replacing(next.replica);
  if ((await commit(store, [change])) === 'stale') return 'stale';
  const state = next.kind === 'removed' ? 'removed' : statusOf(next.replica).state;
  const { deployment } = replica.spec;
  const facts = { replica: replica.metadata.name, deployment, message };
  log[state === 'failed' ? 'warn' : 'info'](`replica-${state}`, facts);
  meters.replicaStateChanged(deployment, state);
  return 'done';
}
