import { firstGapMs, weightOf, type Forecaster, type Seen } from './forecaster.ts';

export interface RevertingOptions {
  /** The longer while whose mean the series goes back to. */
  readonly baseMs: number;
  /** How long it takes until what is above or below that mean has passed, but for a third. */
  readonly noiseMs: number;
}

interface State {
  readonly last: Seen;
  /** Sum and weight of a mean that forgets: exact from the first sample on. */
  readonly sum: number;
  readonly weight: number;
}

/** Loads wander around a slow mean: the further ahead, the less of the last moment is left. */
export function reverting(options: RevertingOptions, state?: State): Forecaster {
  return {
    name: 'reverting',
    see(sample) {
      const gapMs = state === undefined ? firstGapMs : sample.atMs - state.last.atMs;
      const share = weightOf(gapMs, options.baseMs);
      const sum = (state?.sum ?? 0) * (1 - share) + sample.value * share;
      const weight = (state?.weight ?? 0) * (1 - share) + share;
      return reverting(options, { last: sample, sum, weight });
    },
    ahead(byMs) {
      if (state === undefined) return undefined;
      const base = state.weight === 0 ? state.last.value : state.sum / state.weight;
      return Math.max(0, base + Math.exp(-byMs / options.noiseMs) * (state.last.value - base));
    },
  };
}
