import type { Replica, ReplicaStatus } from '#schema';
import type { ReplicaHandle } from '#contracts';
import type { NodeDeps } from '../deps.ts';
import { commit, replacing, sameJson, type Acted } from '../records.ts';
import { advance, type Cause } from './advance.ts';
import type { Knowledge } from './known.ts';
import { launchReplica } from './launch.ts';
import { loadKey } from './observe.ts';
import type { ReplicaAction } from './reconcile.ts';
import { handleOf, statusOf } from './transition.ts';

export interface ReplicaWorld {
  readonly deps: NodeDeps;
  readonly knowledge: Knowledge;
}

type Act<K extends ReplicaAction['kind']> = (
  world: ReplicaWorld,
  action: Extract<ReplicaAction, { readonly kind: K }>,
  signal: AbortSignal,
) => Promise<Acted>;

function withHandle(replica: Replica, handle: ReplicaHandle | undefined): Replica {
  const status = { ...statusOf(replica), endpoint: handle?.endpoint, identity: handle?.identity };
  return { ...replica, status };
}

async function step({ deps, knowledge }: ReplicaWorld, replica: Replica, cause: Cause): Promise<Acted> {
  const acted = await advance(deps, replica, cause);
  if (acted === 'done' && cause.event === 'became-ready')
    knowledge.noteLoad(loadKey(replica), deps.clock.nowMs() - Date.parse(statusOf(replica).since));
  return acted;
}

const launch: Act<'launch'> = async (world, { replica }, signal) => {
  const known = world.knowledge.of(replica.metadata.name);
  const launched = await launchReplica(world.deps, replica, signal);
  if (!launched.ok) {
    // Cancelled by our own end: the next control plane tries again.
    if (signal.aborted) return 'done';
    known.process = 'none';
    return step(world, replica, { event: 'exited', message: launched.problem.message });
  }
  known.handle = launched.value;
  if (known.exitReason === undefined) known.process = 'running';
  return step(world, withHandle(replica, launched.value), { event: 'launched' });
};

const adopt: Act<'adopt'> = async ({ deps, knowledge }, { replica }) => {
  const known = knowledge.of(replica.metadata.name);
  const handle = handleOf(replica);
  const substrate = deps.substrates.get(replica.spec.substrate);
  const isAlive = handle !== undefined && substrate !== undefined && (await substrate.adopt(handle));
  known.handle = handle;
  known.process = isAlive ? 'running' : 'none';
  if (!isAlive) known.exitReason = 'It ended while the platform was not watching.';
  else deps.log.info('replica-adopted', { replica: replica.metadata.name });
  return 'done';
};

/** The handle in the record, or of a process that was started when the record could not be written any more. */
async function locate(
  { deps, knowledge }: ReplicaWorld,
  replica: Replica,
): Promise<ReplicaHandle | undefined> {
  const { name } = replica.metadata;
  const handle = handleOf(replica) ?? knowledge.of(name).handle;
  if (handle !== undefined) return handle;
  const running = await deps.substrates.get(replica.spec.substrate)?.running();
  return running?.find((one) => one.replica === name);
}

/** Ends the replica's process, whether its record knows it or not. */
export async function stopProcess(world: ReplicaWorld, replica: Replica, graceMs: number): Promise<void> {
  const handle = await locate(world, replica);
  if (handle !== undefined) await world.deps.substrates.get(handle.substrate)?.stop(handle, { graceMs });
  const known = world.knowledge.of(replica.metadata.name);
  known.process = 'none';
  known.handle = undefined;
}

const stop: Act<'stop'> = async (world, action) => {
  const { replica, graceMs } = action;
  await stopProcess(world, replica, graceMs);
  if (action.record === 'remove') return step(world, replica, { event: 'gone' });
  return commit(world.deps.store, [replacing(withHandle(replica, undefined))]);
};

async function writeStatus({ deps }: ReplicaWorld, replica: Replica, status: ReplicaStatus): Promise<Acted> {
  if (sameJson(replica.status, status)) return 'done';
  return commit(deps.store, [replacing({ ...replica, status })]);
}

/** Performs one action of `reconcileReplica`. */
export async function actOnReplica(
  world: ReplicaWorld,
  action: ReplicaAction,
  signal: AbortSignal,
): Promise<Acted> {
  switch (action.kind) {
    case 'launch':
      return launch(world, action, signal);
    case 'adopt':
      return adopt(world, action, signal);
    case 'stop':
      return stop(world, action, signal);
    case 'transition':
      return step(
        world,
        action.handleGone === true ? withHandle(action.replica, undefined) : action.replica,
        action,
      );
    case 'write-status':
      return writeStatus(world, action.replica, action.status);
    case 'remember':
      break;
  }
  world.knowledge.of(action.name).memory = action.memory;
  return 'done';
}
