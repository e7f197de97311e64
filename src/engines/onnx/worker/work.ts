import type { Ran } from './session.ts';
import type { Tensors } from './tensor.ts';

interface Asked<Done> {
  /** Fires when its client has gone: then it is not computed. */
  readonly signal: AbortSignal;
  done(result: Done): void;
  failed(error: unknown): void;
}

/** Tensors as a client sent them, already found to fit the model. */
export interface TensorWork extends Asked<Ran> {
  readonly kind: 'tensors';
  readonly feeds: Tensors;
  /** Outputs it wants. */
  readonly outputs: readonly string[];
}

export interface Embedded {
  readonly vectors: readonly Float32Array[];
  readonly runMs: number;
}

/** Texts to embed, as lists of tokens. */
export interface TextWork extends Asked<Embedded> {
  readonly kind: 'texts';
  readonly texts: readonly (readonly number[])[];
}

export type Work = TensorWork | TextWork;
