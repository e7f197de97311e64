import type { Evidence, Loads, Nodes, Store, Substrate, WatchEvent } from '#contracts';
import type { Control } from '#control';
import type { Directory, Dispatch } from '#dispatch';
import type { GatewayDeps } from '#gateway';
import type { Ends } from '../ends.ts';
import type { World } from '../world.ts';

/** What control is told of the rest of the platform. */
export interface Surroundings {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly loads: Loads;
  readonly evidence: Evidence;
}

/** How the parts of a platform find each other, in one process or in many. */
export interface Cluster {
  /** Of the replicas that run here; undefined where one process is the platform. */
  readonly node: string | undefined;
  /** Hears what the store tells. */
  apply(event: WatchEvent): void;
  /** Takes part, and from then on hears of the others. */
  join(ends: Ends): Promise<void>;
  /** Runs control: at once where there is nobody else, else while this process is the one that leads. */
  lead(createControl: (surroundings: Surroundings) => Control, ends: Ends): Promise<void>;
  /** Counts a rating of an answer that another process gave; undefined where there are no others. */
  readonly rateElsewhere: GatewayDeps['rateElsewhere'];
  /** Nothing is to be started here any more: resolves when the others should have heard of it. */
  leaving(): Promise<void>;
}

export interface ClusterParts {
  readonly world: World;
  readonly directory: Directory;
  readonly dispatch: Pick<Dispatch, 'loads'>;
  /** Absent where no replicas run. */
  readonly substrate: Substrate | undefined;
}
