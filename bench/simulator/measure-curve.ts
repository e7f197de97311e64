import { createChance } from '../harness/chance.ts';
import { median } from '../harness/median.ts';
import { promptOf } from './arrivals.ts';
import { ask, type Answer, type Target } from './client.ts';

/** What a step of the engine costs, and what lies between it and its callers: measured through the front door. */
export interface MeasuredCurve {
  readonly stepMs: number;
  readonly promptTokenMs: number;
  readonly sequenceMs: number;
  /** One way; the same back. */
  readonly networkMs: number;
}

/** Least squares: intercept and slope. */
function fitLine(points: readonly (readonly [number, number])[]): { at0: number; slope: number } {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { at0: meanY - slope * meanX, slope };
}

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
export async function measureCurve(target: Target, plan: Plan): Promise<MeasuredCurve> {
  const chance = createChance(9);
  const alone: (readonly [number, number])[] = [];
  const together: (readonly [number, number])[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const words of plan.promptWords) {
      const answer = await ask(target, { prompt: promptOf(words, chance), outputTokens: 2 }, now);
      alone.push([answer.promptTokens, ttftOf(answer)]);
    }
    for (const count of plan.sequences) {
      const prompts = Array.from({ length: count }, () => promptOf(1, chance));
      const { outputTokens } = plan;
      const answers = await Promise.all(prompts.map((prompt) => ask(target, { prompt, outputTokens }, now)));
      together.push([count, median(answers.map(tpotOf))]);
    }
  }
  const reading = fitLine(medians(alone));
  const writing = fitLine(medians(together));
  return {
    stepMs: Math.max(0, writing.at0),
    promptTokenMs: Math.max(0, reading.slope),
    sequenceMs: Math.max(0, writing.slope),
    networkMs: Math.max(0, (reading.at0 - writing.at0) / 2),
  };
}

/** The median of what belongs to the same x: a pause of the machine spoils one round, not the fit. */
function medians(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const byX = new Map<number, number[]>();
  for (const [x, y] of points) byX.set(x, [...(byX.get(x) ?? []), y]);
  return [...byX].map(([x, ys]) => [x, median(ys)] as const);
}
