import type { Engine, SignsOfLife } from '#contracts';

/** An engine with something to run, as a test sees it. */
export interface EngineRig {
  readonly engine: Engine;
  /** Options as a person writes them; for `up`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly modelPath?: string | undefined;
  /** Headers that the replica wants. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** False where the replica is somebody else's and tells nothing but that it is there. */
  readonly tellsProgress: boolean;
  /** Model name in requests. */
  readonly model: string;
  /** In the Open Inference Protocol: a request it answers, with inputs as JSON. */
  readonly inference?: InferenceBody | undefined;
  /** Brings a replica up; resolves with its endpoint. */
  up(options: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

interface InferenceBody {
  readonly inputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly data: unknown;
  }[];
}

/** A replica that is up, as the tests of its dialect see it. */
export interface EngineAtWork {
  readonly rig: () => EngineRig;
  readonly endpoint: () => string;
  readonly life: () => Promise<SignsOfLife>;
}
