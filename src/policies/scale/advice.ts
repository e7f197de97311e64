import type { ReplicaBounds } from '#schema';
import type { Reason } from '../policy.ts';
import type { ScaleInput } from './input.ts';

/** A policy together with its memory: for whoever asks again and again. */
export interface Scaler {
  readonly name: string;
  decide(input: ScaleInput): ScaleAdvice;
  /** Other bounds from now on; what it remembers stays. */
  rebound(bounds: ReplicaBounds): void;
}

export interface ScaleAdvice {
  readonly replicas: number;
  readonly reason: Reason;
  /** What a second policy beside it would have; undefined where there is none, or nothing is known. */
  readonly shadow?:
    | { readonly policy: string; readonly replicas: number; readonly leads: boolean }
    | undefined;
}
