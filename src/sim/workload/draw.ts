import type { Rng } from '#contracts';

/** 1 minus chance is never 0, so that its logarithm is finite. */
function exponential(rng: Rng): number {
  return -Math.log(1 - rng.next());
}

/** Standard normal, by Box and Muller. */
export function drawNormal(rng: Rng): number {
  return Math.sqrt(2 * exponential(rng)) * Math.cos(2 * Math.PI * rng.next());
}

/** Gamma with mean `shape`, by Marsaglia and Tsang (2000); shapes below 1 by Stuart's boost. */
function drawGamma(rng: Rng, shape: number): number {
  if (shape < 1) return drawGamma(rng, shape + 1) * (1 - rng.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(rng);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A gap with mean 1 and the given coefficient of variation: 0 is a metronome, 1 is Poisson, more is bursts. */
export function drawGap(rng: Rng, cv: number): number {
  if (cv === 0) return 1;
  if (cv === 1) return exponential(rng);
  const shape = 1 / (cv * cv);
  return drawGamma(rng, shape) / shape;
}

export interface Lengths {
  readonly mean: number;
  readonly cv: number;
  readonly max: number;
}

/** Log-normal with that mean and coefficient of variation; whole, at least 1. */
export function drawLength(rng: Rng, { mean, cv, max }: Lengths): number {
  if (cv === 0) return Math.max(1, Math.min(max, Math.round(mean)));
  const variance = Math.log(1 + cv * cv);
  const value = Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * drawNormal(rng));
  return Math.max(1, Math.min(max, Math.round(value)));
}
