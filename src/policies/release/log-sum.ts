/** ln Σ weight·e^log of two lists of equal length, without overflow; -Infinity of nothing. */
export function logSum(logs: readonly number[], weights: readonly number[]): number {
  let greatest = -Infinity;
  for (const [at, weight] of weights.entries())
    if (weight > 0) greatest = Math.max(greatest, logs[at] ?? -Infinity);
  if (greatest === -Infinity) return greatest;
  let sum = 0;
  for (const [at, weight] of weights.entries())
    if (weight > 0) sum += weight * Math.exp((logs[at] ?? -Infinity) - greatest);
  return greatest + Math.log(sum);
}

/** The weights, made to add up to 1. */
export function normalised(weights: readonly number[]): readonly number[] {
  let total = 0;
  for (const weight of weights) total += weight;
  return weights.map((weight) => weight / total);
}
