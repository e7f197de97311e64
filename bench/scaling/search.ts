import type { Rng } from '#contracts';
import { drawNormal } from '../../src/sim/workload/draw.ts';

export interface SearchTerms {
  readonly rng: Rng;
  readonly trials: number;
  /** By how much each number is varied at first. */
  readonly spreads: readonly number[];
  readonly tell: (trial: number, score: number) => void;
}

interface Tried {
  readonly numbers: readonly number[];
  readonly score: number;
}

/** Of one generation, and of those the ones that the next is made of. */
const children = 8;
const parents = 3;

/**
 * An evolution strategy: each generation is drawn around the mean of the best of the last, each number with a spread of
 * its own that follows how far the best went. Minimises; the same seed finds the same.
 */
export function search(
  begin: readonly number[],
  scoreOf: (numbers: readonly number[]) => number,
  { rng, trials, spreads: first, tell }: SearchTerms,
): readonly number[] {
  let best: Tried = { numbers: begin, score: scoreOf(begin) };
  tell(0, best.score);
  let [middle, spreads] = [begin, first];
  for (let trial = 0; trial < trials; trial += children) {
    const tried = Array.from({ length: children }, () => {
      const numbers = middle.map((value, at) => value + (spreads[at] ?? 0) * drawNormal(rng));
      return { numbers, score: scoreOf(numbers) };
    }).toSorted((left, right) => left.score - right.score);
    const chosen = tried.slice(0, parents);
    const before = middle;
    middle = before.map(
      (_, at) => chosen.reduce((sum, { numbers }) => sum + (numbers[at] ?? 0), 0) / parents,
    );
    spreads = spreads.map((spread, at) => {
      const went = chosen.reduce(
        (sum, { numbers }) => sum + ((numbers[at] ?? 0) - (before[at] ?? 0)) ** 2,
        0,
      );
      return 0.8 * spread + 0.2 * Math.sqrt(went / parents);
    });
    if (tried[0] !== undefined && tried[0].score < best.score) best = tried[0];
    tell(trial + children, best.score);
  }
  return best.numbers;
}
