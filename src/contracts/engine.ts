import type { EndpointPath } from '#schema';
import type { Result } from './blobs.ts';

/** The wire a replica speaks. */
export type Dialect = 'openai' | 'oip';

/** What a model file says about itself. */
export interface Inspection {
  readonly format: string;
  /** For example architecture, parameters, context length, licence. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Random access to a model file that is being inspected; reads past the end come back short. */
export interface ModelFile {
  readonly name: string;
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface LaunchInput {
  readonly replica: string;
  readonly model: string;
  readonly version: string;
  /** Absent for engines that need no file. */
  readonly modelPath: string | undefined;
  /** `spec.engine.options` of the deployment, already parsed by `parseOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Others serve the deployment meanwhile: they should not feel that this one loads. */
  readonly othersServe?: boolean | undefined;
}

export type LaunchPlan =
  /** A Node program of ours: the substrate adds where to listen, as `--listen unix:/path` or `--listen tcp:port`. */
  | {
      readonly kind: 'process';
      /** File URL of the program. */
      readonly entry: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Runs at first only while nobody else wants the processor; the program ends that itself once it can serve. */
      readonly givesWay?: boolean | undefined;
    }
  /** Something that already runs elsewhere. */
  | { readonly kind: 'endpoint'; readonly url: string };

/**
 * Signs of life. A replica is alive when `progress` moves while `active` is above 0; an open port proves nothing.
 */
export interface SignsOfLife {
  readonly state: 'loading' | 'ready' | 'failed';
  /** 0 to 1 while loading. */
  readonly loadedFraction?: number | undefined;
  /** Grows with every step of work (tokens decoded, batches run); never falls while the replica lives. */
  readonly progress: number;
  readonly active: number;
  readonly queued: number;
  readonly message?: string | undefined;
  readonly facts?: Readonly<Record<string, number | string>> | undefined;
}

/** What runs a model: says what to launch and what it speaks. Substrates launch it. */
export interface Engine {
  readonly name: string;
  readonly dialect: Dialect;
  /** Model formats it can load, as `Inspection.format`; empty when it needs no file. */
  readonly formats: readonly string[];
  readonly endpoints: readonly EndpointPath[];
  /**
   * What an endpoint of others calls the model, where its name is part of the path; the deployment's name when
   * absent. Workers of ours answer to any.
   */
  modelThere?(options: Readonly<Record<string, unknown>>): string | undefined;
  /** Requests one replica works on at the same time, given its options. */
  concurrency(options: Readonly<Record<string, unknown>>): number;
  /**
   * Requests that may be sent to a replica together, to be run as one (headers `x-millrace-batch` and
   * `x-millrace-batch-size`). Absent: it takes one at a time, or batches by itself.
   */
  batchSizeMax?(options: Readonly<Record<string, unknown>>): number;
  parseOptions(options: unknown): Result<Readonly<Record<string, unknown>>>;
  /** Recognises and checks a file, or says why it is not a model. Only for engines that load files. */
  inspect?(file: ModelFile, signal: AbortSignal): Promise<Result<Inspection>>;
  launch(input: LaunchInput): LaunchPlan;
  /**
   * Headers (name, value, …) that a replica wants with every request: keys of endpoints that others run. Kept in
   * memory by whoever sends; replica records, which people read, never hold them.
   */
  credentials?(options: Readonly<Record<string, unknown>>): Result<readonly string[]>;
  /** `options` as in LaunchInput: some engines need them to know how to ask (path, key). */
  life(
    endpoint: string,
    signal: AbortSignal,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<Result<SignsOfLife>>;
}
