import type { Nodes } from '#contracts';
import type { Cluster, ClusterParts } from './part.ts';

/** One process is the platform: everything is here, and nothing is ever gone. */
export function createAlone({ world, directory, dispatch, substrate }: ClusterParts): Cluster {
  const here = substrate && { name: undefined, substrate: substrate.name, weight: 1, takes: true };
  const nodes: Nodes = {
    seen: () => (here === undefined ? [] : [here]),
    isGone: (name) => name !== undefined,
    onChange: () => () => undefined,
  };
  const { store } = world;
  const surroundings = { store, nodes, loads: dispatch.loads, evidence: directory.evidence };
  return {
    node: undefined,
    apply: () => undefined,
    join: () => Promise.resolve(),
    async lead(createControl, ends) {
      const control = createControl(surroundings);
      ends.add('control', () => control.stop());
      await control.start();
    },
    rateElsewhere: undefined,
    leaving: () => Promise.resolve(),
  };
}
