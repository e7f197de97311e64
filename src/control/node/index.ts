import { ProblemError } from '#schema';
import type { WatchEvent } from '#contracts';
import type { NodeDeps } from '../deps.ts';
import { createOrphanLoop } from '../orphans/index.ts';
import { createReplicaLoop } from '../replica/index.ts';
import { createKnowledge } from '../replica/known.ts';
import { stopAll } from '../replica/stop-all.ts';
import { drainAll } from './drain-all.ts';

export interface StopNode {
  /** `leave`: replicas run on, and the next life of the node adopts them. */
  readonly replicas: 'stop' | 'leave';
  /** How long a replica may take to end by itself. */
  readonly graceMs: number;
}

export interface Node {
  /** Resolves when it is watching; what is running is adopted from then on. Rejects when the store cannot be watched. */
  start(): Promise<void>;
  /** Lets the replicas finish what they have while others take over; waits so long at most. */
  drain(graceMs: number): Promise<void>;
  stop(options: StopNode): Promise<void>;
}

/**
 * Runs the replicas that were given to this node. What it does is in their records, so that it can be killed at any
 * moment and its next life goes on from there.
 */
export function createNode(deps: NodeDeps): Node {
  const knowledge = createKnowledge();
  const world = { deps, knowledge };
  const loops = { replicas: createReplicaLoop(world), orphans: createOrphanLoop(deps) };
  const ends: (() => void)[] = [];

  function hear({ type, resource }: WatchEvent): void {
    if (resource.kind !== 'Replica' || resource.spec.node !== deps.node) return;
    loops.replicas.wake(resource.metadata.name);
    // Somebody else took the record away: we were given up, and its process may still run.
    if (type === 'deleted') for (const substrate of deps.substrates.keys()) loops.orphans.wake(substrate);
  }

  return {
    async start() {
      for (const substrate of deps.substrates.values())
        ends.push(
          substrate.onExit(({ replica, reason }) => {
            if (knowledge.noteExit(replica, reason)) loops.replicas.wake(replica);
          }),
        );
      const watched = await deps.store.watch('', hear);
      if (!watched.ok) throw new ProblemError(watched.problem);
      ends.push(watched.stop);
      for (const loop of Object.values(loops)) loop.start();
    },
    drain: (graceMs) => drainAll(deps, graceMs),
    async stop({ replicas, graceMs }) {
      for (const end of ends.splice(0)) end();
      await Promise.all(Object.values(loops).map(async (loop) => loop.stop()));
      if (replicas === 'stop') await stopAll(world, graceMs);
    },
  };
}
