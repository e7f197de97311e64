import type { EndpointPath, StepsSpec } from '#schema';
import type { Result } from './blobs.ts';

/** What a step is told of the request it works on. */
export interface StepFacts {
  readonly requestId: string;
  readonly tenant: string;
  readonly deployment: string;
  readonly endpoint: EndpointPath;
  readonly stream: boolean;
}

/** A request as its step left it: its bytes, and where in them is what dispatch decides on (see `Ask`). */
export interface SteppedRequest {
  readonly body: Uint8Array;
  readonly modelFrom: number;
  readonly modelTo: number;
  readonly promptFrom: number;
  readonly promptTo: number;
  readonly stream: boolean;
  readonly maxTokens: number | undefined;
  readonly answers: number;
}

/** The steps of one request. `done` is called once for each call, in their order, unless the session was closed. */
export interface StepSession {
  /** Undefined: it stays as it is. Called first, also where only answers are changed: they may refuse streams. */
  pre(body: Uint8Array, done: (made: Result<SteppedRequest | undefined>) => void): void;
  /** A whole answer. */
  post(body: Uint8Array, done: (made: Result<Uint8Array>) => void): void;
  /** Bytes of a stream, however they were cut; gives back those of the events that are complete by now. */
  chunk(bytes: Uint8Array, done: (made: Result<Uint8Array>) => void): void;
  /** Forgets the request. Calls that wait are dropped. */
  close(): void;
}

/** Runs users' own code between clients and replicas, where it can harm neither. */
export interface Steps {
  open(spec: StepsSpec, facts: StepFacts): StepSession;
  close(): Promise<void>;
}
