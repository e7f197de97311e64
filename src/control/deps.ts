import type { Blobs, Clock, Engine, Log, Meters, Rng, Source, Store, Substrate } from '#contracts';

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
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly meters: Meters;
}
