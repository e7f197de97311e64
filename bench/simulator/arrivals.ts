import { randomWords } from '../../src/cli/bench/random-words.ts';
import { createChance } from '../harness/chance.ts';
import type { Arrival } from './client.ts';

export interface Shape {
  readonly seconds: number;
  readonly ratePerS: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly outputMax: number;
  readonly seed: number;
}

/** Exponential, with this mean; a whole number from 1 on. */
function length(mean: number, chance: () => number): number {
  return Math.max(1, Math.round(-Math.log(1 - chance()) * mean));
}

/** Requests at random moments, with prompts and answers of random lengths. */
export function makeArrivals({ seconds, ratePerS, seed, ...shape }: Shape): readonly Arrival[] {
  const chance = createChance(seed);
  const arrivals: Arrival[] = [];
  let atMs = 0;
  for (;;) {
    atMs += (-Math.log(1 - chance()) * 1000) / ratePerS;
    if (atMs >= seconds * 1000) return arrivals;
    arrivals.push({
      atMs,
      prompt: randomWords(length(shape.promptTokens, chance), chance),
      outputTokens: Math.min(shape.outputMax, length(shape.outputTokens, chance)),
    });
  }
}
