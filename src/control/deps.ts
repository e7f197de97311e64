import type {
  Blobs,
  Clock,
  Engine,
  Evidence,
  Loads,
  Log,
  Meters,
  Rng,
  Source,
  Store,
  Substrate,
} from '#contracts';

/** Everything the control plane asks of the world. */
export interface ControlDeps {
  readonly store: Store;
  readonly blobs: Blobs;
  /** By name. */
  readonly engines: ReadonlyMap<string, Engine>;
  /** By name. New replicas go to the first. */
  readonly substrates: ReadonlyMap<string, Substrate>;
  /** By scheme. */
  readonly sources: ReadonlyMap<string, Source>;
  /** What gateways have counted of versions that are compared. */
  readonly evidence: Evidence;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly meters: Meters;
  /** What requests come to each deployment. */
  readonly loads: Loads;
}
