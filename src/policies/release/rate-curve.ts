import { logSum, normalised } from './log-sum.ts';

/**
 * How likely what was seen is for every ratio of the two versions' rates of bad events, relative to ratio 1:
 * one natural logarithm for each of `ratios`.
 *
 * While two versions serve side by side, every bad event is a coin flip. If the candidate is r times as bad and takes
 * the share s of the requests, it lands on the candidate with probability s·r / (s·r + 1 − s). How bad the times are,
 * and whether they change, does not matter: it is the same for both. (The conditional binomial test.)
 */
export type RateCurve = readonly number[];

const perOctave = 6;
const octavesDown = 2;
const octavesUp = 5;

/** From a quarter to 32 times as bad, 12 % apart. */
const ratios: readonly number[] = Array.from(
  { length: (octavesDown + octavesUp) * perOctave + 1 },
  (_, at) => 2 ** (at / perOctave - octavesDown),
);
const logRatios = ratios.map(Math.log);

export const evenCurve: RateCurve = ratios.map(() => 0);

/** Bad events of both versions in a time in which the candidate had the part `share` of all requests. */
export interface BadEvents {
  readonly candidate: number;
  readonly both: number;
  readonly share: number;
}

export function learnRate(curve: RateCurve, { candidate, both, share }: BadEvents): RateCurve {
  if (both === 0) return curve;
  // k_c·ln r − k·ln(1 + s(r − 1)): the binomial likelihood of r, over that of 1. With the share that was found in the
  // same time it is an e-value still: drawing without replacement spreads less than coin flips (Hoeffding 1963).
  return curve.map(
    (log, at) => log + candidate * (logRatios[at] ?? 0) - both * Math.log1p(share * ((ratios[at] ?? 1) - 1)),
  );
}

/**
 * How much of the bet is on which harm, by its natural logarithm, up to the given end: even on the scale of ln d, since
 * the precision reached when a ratio is found out is proportional to d; little below 1.35 times as bad, where it is no
 * hurry, and beyond 15 times, where it needs none.
 */
const harmDensity: readonly (readonly [logRatioEnd: number, density: number])[] = [
  [0, 0],
  [0.3, 0.02],
  [0.75, 1.6],
  [1.5, 1.7],
  [2.7, 0.95],
  [Infinity, 0.02],
];

function harmWeight(logRatio: number): number {
  const density = harmDensity.find(([end]) => logRatio <= end)?.[1] ?? 0;
  return density === 0 ? 0 : density / logRatio;
}

interface Harm {
  readonly origin: number;
  readonly weights: readonly number[];
}

function harmBeyond(tolerated: number): Harm {
  // Rounded up: what is tolerated must not count as harm.
  const steps = Math.ceil((Math.log2(tolerated) + octavesDown) * perOctave - 1e-9);
  const origin = Math.min(ratios.length - 2, Math.max(0, steps));
  const weights = logRatios.map((log) => harmWeight(log - (logRatios[origin] ?? 0)));
  return { origin, weights: normalised(weights) };
}

const harms = new Map<number, Harm>();
const harmsMax = 64;

function harmFor(tolerated: number): Harm {
  const known = harms.get(tolerated);
  if (known !== undefined) return known;
  const harm = harmBeyond(tolerated);
  if (harms.size < harmsMax) harms.set(tolerated, harm);
  return harm;
}

/**
 * ln of the evidence that the candidate is more than `tolerated` times as bad: a mixture of likelihood ratios. If it is
 * not, the chance that this ever exceeds ln(1/α) is at most α, however often one looks (Ville 1939).
 */
export function logHarm(curve: RateCurve, tolerated: number): number {
  const { origin, weights } = harmFor(tolerated);
  return logSum(curve, weights) - (curve[origin] ?? 0);
}

/** What a good candidate is like: near 1. */
const goodWeights = normalised(logRatios.map((log) => 1 / (0.2 + Math.abs(log))));

/**
 * The greatest ratio that is not refuted: the true one is below it with confidence 1 − β at all times together.
 * Infinity while nothing is refuted.
 */
export function ratioBound(curve: RateCurve, beta: number): number {
  const floor = logSum(curve, goodWeights) + Math.log(beta);
  let last = ratios.length - 1;
  while (last >= 0 && (curve[last] ?? 0) <= floor) last -= 1;
  if (last === ratios.length - 1) return Infinity;
  const above = curve[last] ?? floor;
  const below = curve[last + 1] ?? floor;
  const part = above === below ? 1 : (above - floor) / (above - below);
  return (ratios[last] ?? 0) * 2 ** (part / perOctave);
}
