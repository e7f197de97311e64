import { createAlone } from './alone.ts';
import type { Cluster, ClusterParts } from './part.ts';
import { createShared } from './shared.ts';

export function createCluster(parts: ClusterParts): Cluster {
  const { store, config } = parts.world;
  // A memory is shared with nobody, whatever it could do.
  if (store.peers === undefined || config.store !== 'postgres') return createAlone(parts);
  return createShared(parts, store.peers);
}
