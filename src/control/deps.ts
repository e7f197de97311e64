import type {
  Blobs,
  Clock,
  Engine,
  Evidence,
  Loads,
  Log,
  Meters,
  Nodes,
  Rng,
  Source,
  Store,
  Substrate,
} from '#contracts';

/** What all of control asks of the world. */
interface CommonDeps {
  readonly store: Store;
  readonly blobs: Blobs;
  /** By name. */
  readonly engines: ReadonlyMap<string, Engine>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly meters: Meters;
}

/** What it takes to decide what is to run. */
export interface ControlDeps extends CommonDeps {
  readonly nodes: Nodes;
  /** By scheme. */
  readonly sources: ReadonlyMap<string, Source>;
  /** What gateways have counted of versions that are compared. */
  readonly evidence: Evidence;
  /** What requests come to each deployment. */
  readonly loads: Loads;
  /** How long the audit log is kept; for ever when absent. */
  readonly auditKeepMs?: number | undefined;
}

/** What it takes to run it. */
export interface NodeDeps extends CommonDeps {
  /** Which replicas are ours; absent where one process is the platform. */
  readonly node?: string | undefined;
  /** By name. */
  readonly substrates: ReadonlyMap<string, Substrate>;
}
