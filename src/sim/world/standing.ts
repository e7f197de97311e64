import { resourceSchemas } from '#schema';
import { createReplicaModel } from '../engine/replica-model.ts';
import { engineShapeOf } from './engine-shape.ts';
import type { Ground } from './ground.ts';

/** Replicas that are there from the beginning to the end: nothing about them is ever decided. */
export function stand({ scenario, clock, fleet, directory, deployment }: Ground): void {
  const { min } = scenario.replicas;
  const { model, version, engine, limits } = deployment.spec;
  for (let number = 1; number <= min; number++) {
    const name = `${deployment.metadata.name}-${number}`;
    const endpoint = `http://${name}.sim`;
    fleet.add(endpoint, createReplicaModel(engineShapeOf(scenario.engine), clock));
    fleet.countChange();
    const resource = resourceSchemas.Replica.parse({
      kind: 'Replica',
      metadata: { name },
      spec: {
        deployment: deployment.metadata.name,
        model,
        version,
        generation: 1,
        engine: engine.name,
        substrate: 'sim',
      },
      status: {
        state: 'ready',
        since: new Date(clock.nowMs()).toISOString(),
        endpoint,
        concurrency: limits.concurrency,
      },
    });
    directory.apply({ type: 'put', resource });
  }
  fleet.setReady(min);
}
