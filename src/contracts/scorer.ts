import type { ScorerSpec } from '#schema';
import type { Result } from './blobs.ts';
import type { StepFacts } from './steps.ts';

/** One answer to be judged. */
export interface ScoreOrder {
  readonly spec: ScorerSpec;
  readonly facts: StepFacts;
  /** The request's body: JSON. */
  readonly request: Uint8Array;
  /** What was answered, also of a stream. */
  readonly text: string;
}

/** A user's own judge of answers, run where it can harm neither requests nor replicas. */
export interface Scorer {
  /** From 0 to 1, 1 being the best. Refused when too many wait, when it fails, or takes too long. */
  score(order: ScoreOrder, done: (made: Result<number>) => void): void;
}
