import type { Rng } from '#contracts';
import { drawGap } from './draw.ts';

/** Moments in milliseconds at a constant rate, for ever. */
export function* constantMoments(ratePerS: number, cv: number, rng: Rng): Generator<number, undefined> {
  const gapMs = 1000 / ratePerS;
  for (let atMs = drawGap(rng, cv) * gapMs; ; atMs += drawGap(rng, cv) * gapMs) yield atMs;
}
