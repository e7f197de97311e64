import type { Blobs, Clock, Engine, Inspection, Result, Rng, Standings, Store } from '#contracts';

/** What the admin API stands on; handed in by the composition root. */
export interface AdminDeps {
  readonly store: Store;
  readonly blobs: Blobs;
  /** The engines a deployment may name. */
  readonly engines: ReadonlyMap<string, Engine>;
  /** Recognises a committed blob as a model, or says why it is none. */
  readonly inspect: (digest: string, name: string, signal: AbortSignal) => Promise<Result<Inspection>>;
  /** The last lines a replica wrote, oldest first. */
  readonly replicaLogs: (replica: string, lines: number) => Promise<readonly string[]>;
  /** What deployments have to do, as other autoscalers read it. */
  readonly standings: Pick<Standings, 'of'>;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Largest JSON body. Uploads are bound by the size they announce instead. */
  readonly bodyLimitBytes: number;
  readonly info: { readonly version: string; readonly startedAtMs: number };
}
