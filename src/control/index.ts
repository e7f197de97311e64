/** A RESOURCE'S LIFE: observe, decide, act; one folder for each kind. */
import { modelVersionName, ProblemError, problemOf } from '#schema';
import type { WatchEvent } from '#contracts';
import { createAuditLoop } from './audit/index.ts';
import { createBlobLoop } from './blobs/index.ts';
import type { ControlDeps } from './deps.ts';
import { createDeploymentLoop } from './deployment/index.ts';
import { createScalers } from './deployment/scalers.ts';
import { createModelVersionLoop } from './model-version/index.ts';
import { listOf } from './records.ts';
import { createReleaseLoop } from './release/index.ts';

export type { ControlDeps, NodeDeps } from './deps.ts';
export { createElection, type Election } from './cluster/election.ts';
export { createFencedStore } from './cluster/fenced.ts';
export { createGathered, type Gathered } from './cluster/gathered.ts';
export { createMembership, type Member, type Membership } from './cluster/membership.ts';
export { createRoster, type Roster } from './cluster/roster.ts';
export { createNode, type Node, type StopNode } from './node/index.ts';
export { replicaFrom } from './template.ts';
export { createInspect } from './model-version/inspect.ts';

export interface Control {
  /** Resolves when it is watching. Rejects when the store cannot be watched. */
  start(): Promise<void>;
  /** What is wanted and what runs stay as they are. */
  stop(): Promise<void>;
}

interface Loops {
  readonly deployments: ReturnType<typeof createDeploymentLoop>;
  readonly releases: ReturnType<typeof createReleaseLoop>;
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
  if (resource.kind === 'Replica') loops.deployments.wake(resource.spec.deployment);
  if (resource.kind === 'ModelVersion') {
    loops.modelVersions.wake(name);
    void wakeUsers(deps, loops, name);
    if (type === 'deleted') loops.blobs.look();
  }
}

/** Nodes came or went: whoever has replicas there, or waits for room, is looked at. */
async function wakeAll({ store, log }: ControlDeps, loops: Loops): Promise<void> {
  try {
    for (const { metadata } of await listOf(store, 'Deployment')) loops.deployments.wake(metadata.name);
    for (const { spec } of await listOf(store, 'Replica')) loops.deployments.wake(spec.deployment);
  } catch (thrown) {
    log.error('wake-failed', { message: problemOf(thrown).message });
  }
}

/**
 * Decides what is to run where, until stopped. Everything it decides on is in the store, so that it can be killed at any
 * moment and the next one goes on from there.
 */
export function createControl(deps: ControlDeps): Control {
  const scalers = createScalers(deps);
  const loops = {
    deployments: createDeploymentLoop(deps, scalers),
    releases: createReleaseLoop(deps),
    modelVersions: createModelVersionLoop(deps),
    blobs: createBlobLoop(deps),
    audit: createAuditLoop(deps),
  };
  const ends: (() => void)[] = [];
  return {
    async start() {
      ends.push(
        deps.loads.onStarved((deployment) => {
          scalers.hurry(deployment);
          loops.deployments.wake(deployment);
        }),
        deps.nodes.onChange(() => void wakeAll(deps, loops)),
      );
      const watched = await deps.store.watch('', (event) => hear(deps, loops, event));
      if (!watched.ok) throw new ProblemError(watched.problem);
      ends.push(watched.stop);
      for (const loop of Object.values(loops)) loop.start();
    },
    async stop() {
      for (const end of ends.splice(0)) end();
      await Promise.all(Object.values(loops).map(async (loop) => loop.stop()));
    },
  };
}
