/**
 * What one step of a language-model engine costs:
 * `stepMs + prefillMs·(prompt tokens read) + sequenceMs·(sequences that decode) + contextMs·(tokens they attend to)`.
 * The first term is reading the weights, the last reading the KV cache.
 */
export interface EngineCurve {
  readonly stepMs: number;
  readonly prefillMs: number;
  readonly sequenceMs: number;
  readonly contextMs: number;
}

export interface StepWork {
  readonly prefillTokens: number;
  readonly sequences: number;
  readonly contextTokens: number;
}

export function stepDurationMs(curve: EngineCurve, work: StepWork): number {
  return (
    curve.stepMs +
    curve.prefillMs * work.prefillTokens +
    curve.sequenceMs * work.sequences +
    curve.contextMs * work.contextTokens
  );
}

/** `steps` steps in a row that only decode: the context grows by one token for each sequence at each step. */
export function decodeDurationMs(curve: EngineCurve, work: StepWork, steps: number): number {
  const growth = (curve.contextMs * work.sequences * steps * (steps - 1)) / 2;
  return steps * stepDurationMs(curve, work) + growth;
}

/**
 * How many such steps are over, at most `stepsMax`, after `elapsedMs`: the largest k with duration(k) <= elapsed, by
 * the quadratic's root and a correction for its rounding.
 */
export function decodeStepsWithin(curve: EngineCurve, work: StepWork, elapsedMs: number): number {
  const slope = (curve.contextMs * work.sequences) / 2;
  const first = stepDurationMs(curve, work) - slope;
  const root =
    slope === 0
      ? elapsedMs / first
      : (Math.sqrt(first * first + 4 * slope * elapsedMs) - first) / (2 * slope);
  let steps = Math.max(0, Math.floor(root));
  while (steps > 0 && decodeDurationMs(curve, work, steps) > elapsedMs) steps -= 1;
  while (decodeDurationMs(curve, work, steps + 1) <= elapsedMs) steps += 1;
  return steps;
}
