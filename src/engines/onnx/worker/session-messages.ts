import type { Tensor } from './tensor.ts';

/** What the thread that computes is started with. */
export interface SessionSpec {
  readonly path: string;
  readonly threads: number;
}

export interface RunOrder {
  readonly id: number;
  readonly feeds: readonly (readonly [string, Tensor])[];
  /** Outputs to compute. */
  readonly outputs: readonly string[];
}

export type SessionNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'ran';
      readonly id: number;
      readonly outputs: readonly (readonly [string, Tensor])[];
      /** How long the model took, and nothing else. */
      readonly runMs: number;
    }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };

/** Memory behind the tensors, which goes to the other thread instead of being copied. */
export function buffersOf(tensors: readonly (readonly [string, Tensor])[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const [, { data }] of tensors) if (data instanceof Uint8Array) buffers.add(data.buffer);
  return [...buffers];
}
