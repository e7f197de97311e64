import { fitEngine, type FittedEngine, type Point } from '../../src/cli/bench/fit-engine.ts';
import { randomWords } from '../../src/cli/bench/random-words.ts';
import { createChance } from '../harness/chance.ts';
import { median } from '../harness/median.ts';
import { ask, type Answer, type Target } from './client.ts';

function now(): number {
  return performance.now();
}

function ttftOf({ sentMs, firstMs = NaN }: Answer): number {
  return firstMs - sentMs;
}

function tpotOf({ firstMs = NaN, endMs, outputTokens }: Answer): number {
  return (endMs - firstMs) / (outputTokens - 1);
}

export interface Plan {
  /** Prompts to be tried, in words. */
  readonly promptWords: readonly number[];
  /** Sequences at once to be tried; one replica takes all of them. */
  readonly sequences: readonly number[];
  readonly outputTokens: number;
  readonly rounds: number;
}

/**
 * Alone, the time to the first token grows with the prompt; together, the time for a token grows with those that
 * write. The target has to be served by a single replica.
 */
export async function measureCurve(target: Target, plan: Plan): Promise<FittedEngine> {
  const chance = createChance(9);
  const alone: Point[] = [];
  const together: Point[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const words of plan.promptWords) {
      const answer = await ask(target, { prompt: randomWords(words, chance), outputTokens: 2 }, now);
      alone.push([answer.promptTokens, ttftOf(answer)]);
    }
    for (const count of plan.sequences) {
      const prompts = Array.from({ length: count }, () => randomWords(1, chance));
      const { outputTokens } = plan;
      const answers = await Promise.all(prompts.map((prompt) => ask(target, { prompt, outputTokens }, now)));
      together.push([count, median(answers.map(tpotOf))]);
    }
  }
  return fitEngine({ reading: alone, writing: together });
}
