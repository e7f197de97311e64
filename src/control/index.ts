/** A RESOURCE'S LIFE: observe, decide, act; one folder for each kind. */
import { modelVersionName, ProblemError, problemOf } from '#schema';
import type { WatchEvent } from '#contracts';
import { createBlobLoop } from './blobs/index.ts';
import type { ControlDeps } from './deps.ts';
import { createDeploymentLoop } from './deployment/index.ts';
import { createScalers } from './deployment/scalers.ts';
import { createModelVersionLoop } from './model-version/index.ts';
import { createOrphanLoop } from './orphans/index.ts';
import { listOf } from './records.ts';
import { createReleaseLoop } from './release/index.ts';
import { createReplicaLoop } from './replica/index.ts';
import { createKnowledge } from './replica/known.ts';
import { stopAll } from './replica/stop-all.ts';

export type { ControlDeps } from './deps.ts';
export { loadBetween } from './deployment/load-between.ts';
export { createInspect } from './model-version/inspect.ts';

export interface StopControl {
  /** `leave`: replicas run on, and the next control plane adopts them. */
  readonly replicas: 'stop' | 'leave';
  /** How long a replica may take to end by itself. */
  readonly graceMs: number;
}

export interface Control {
  /** Resolves when it is watching; what is running is adopted from then on. Rejects when the store cannot be watched. */
  start(): Promise<void>;
  stop(options: StopControl): Promise<void>;
}

interface Loops {
  readonly deployments: ReturnType<typeof createDeploymentLoop>;
  readonly releases: ReturnType<typeof createReleaseLoop>;
  readonly replicas: ReturnType<typeof createReplicaLoop>;
  readonly modelVersions: ReturnType<typeof createModelVersionLoop>;
  readonly blobs: ReturnType<typeof createBlobLoop>;
}

/** Wakes the deployments that wait for a version. */
async function wakeUsers({ store, log }: ControlDeps, loops: Loops, version: string): Promise<void> {
  try {
    for (const { metadata, spec } of await listOf(store, 'Deployment'))
      if (modelVersionName(spec.model, spec.version) === version) loops.deployments.wake(metadata.name);
  } catch (thrown) {
    log.error('wake-failed', { version, message: problemOf(thrown).message });
  }
}

function hear(deps: ControlDeps, loops: Loops, { type, resource }: WatchEvent): void {
  const { name } = resource.metadata;
  if (resource.kind === 'Deployment') loops.deployments.wake(name);
  if (resource.kind === 'Release') {
    loops.releases.wake(name);
    loops.deployments.wake(resource.spec.deployment);
  }
  if (resource.kind === 'Replica') {
    loops.replicas.wake(name);
    loops.deployments.wake(resource.spec.deployment);
  }
  if (resource.kind === 'ModelVersion') {
    loops.modelVersions.wake(name);
    void wakeUsers(deps, loops, name);
    if (type === 'deleted') loops.blobs.look();
  }
}

/**
 * Makes what runs match what is wanted, until stopped. Everything it decides on is in the store, so that it can be
 * killed at any moment and the next one goes on from there.
 */
export function createControl(deps: ControlDeps): Control {
  const knowledge = createKnowledge();
  const scalers = createScalers(deps);
  const world = { deps, knowledge };
  const loops = {
    deployments: createDeploymentLoop(deps, scalers),
    releases: createReleaseLoop(deps),
    replicas: createReplicaLoop(world),
    modelVersions: createModelVersionLoop(deps),
    orphans: createOrphanLoop(deps),
    blobs: createBlobLoop(deps),
  };
  const ends: (() => void)[] = [];
  return {
    async start() {
      for (const substrate of deps.substrates.values())
        ends.push(
          substrate.onExit(({ replica, reason }) => {
            if (knowledge.noteExit(replica, reason)) loops.replicas.wake(replica);
          }),
        );
      ends.push(
        deps.loads.onStarved((deployment) => {
          scalers.hurry(deployment);
          loops.deployments.wake(deployment);
        }),
      );
      const watched = await deps.store.watch('', (event) => hear(deps, loops, event));
      if (!watched.ok) throw new ProblemError(watched.problem);
      ends.push(watched.stop);
      for (const loop of Object.values(loops)) loop.start();
    },
    async stop({ replicas, graceMs }) {
      for (const end of ends.splice(0)) end();
      await Promise.all(Object.values(loops).map(async (loop) => loop.stop()));
      if (replicas === 'stop') await stopAll(world, graceMs);
    },
  };
}
