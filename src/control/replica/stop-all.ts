import { problemOf, type Replica } from '#schema';
import { commit, getOf, removing } from '../records.ts';
import { stopProcess, type ReplicaWorld } from './act.ts';
import { ownReplicas } from './own.ts';

const attemptsMax = 5;

/** Ends one replica for good: process first, then its record, whoever has changed that meanwhile. */
async function end(world: ReplicaWorld, replica: Replica, graceMs: number): Promise<void> {
  const { log, store } = world.deps;
  const { name } = replica.metadata;
  try {
    await stopProcess(world, replica, graceMs);
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const current = await getOf(store, 'Replica', name);
      if (current === undefined || (await commit(store, [removing(current)])) === 'done') return;
    }
  } catch (thrown) {
    log.error('replica-not-stopped', { replica: name, message: problemOf(thrown).message });
  }
}

/** Without the store nobody can be asked whose they are: everything ends that was started here. */
async function endAllThatRuns({ deps }: ReplicaWorld, graceMs: number): Promise<void> {
  for (const substrate of deps.substrates.values()) {
    const handles = await substrate.running();
    await Promise.all(handles.map((handle) => substrate.stop(handle, { graceMs })));
  }
}

/** Ends every replica of this node, when it goes and is to leave nothing running. */
export async function stopAll(world: ReplicaWorld, graceMs: number): Promise<void> {
  try {
    const replicas = await ownReplicas(world.deps);
    await Promise.all(replicas.map(async (replica) => end(world, replica, graceMs)));
  } catch (thrown) {
    world.deps.log.error('replicas-unknown', { message: problemOf(thrown).message });
    await endAllThatRuns(world, graceMs);
  }
}
