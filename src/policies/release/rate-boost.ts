import { boostOf, chancesOf } from './capped.ts';
import type { Pair } from './pair.ts';
import type { Seen } from './rate-bounds.ts';
import { learnRate, logHarm, type RateCurve } from './rate-curve.ts';

/** So many bad events in one comparison say enough by themselves. */
const bothMax = 64;

export interface Boosted {
  readonly curve: RateCurve;
  readonly logBoost: number;
}

export interface BoostTerms {
  readonly tolerated: number;
  /** ln of the evidence at which a release is rolled back: more is of no use. */
  readonly logCap: number;
}

/**
 * ln of what the evidence has gained after `bad` was seen. The last bad event before a rollback mostly brings more
 * evidence than that needs. What is beyond is worth nothing, so it is given up for more in all other outcomes: the
 * evidence can be expected not to grow for a harmless version, as before, and reaches the cap sooner for a harmful one
 * (Fischer and Ramdas 2024). Only where nothing is tolerated: else the chances of the outcomes are not known.
 */
export function logBoostOf({ curve, logBoost }: Boosted, bad: Pair<Seen>, terms: BoostTerms): number {
  const { candidate, stable } = bad;
  const { tolerated, logCap } = terms;
  const both = candidate.bad + stable.bad;
  if (both === 0) return logBoost;
  const all = candidate.requests + stable.requests;
  const share = candidate.requests / all;
  const after = (landed: number): number =>
    logHarm(learnRate(curve, { candidate: landed, both, share }), tolerated) + logBoost;
  const before = logHarm(curve, tolerated) + logBoost;
  const most = Math.min(both, candidate.requests);
  const isBoosted = tolerated === 1 && both <= bothMax && before < logCap && after(most) > logCap;
  if (!isBoosted) return logBoost;
  // If both versions are alike the bad events are drawn without replacement from the requests that are compared.
  const { from, chances } = chancesOf({ all, bad: both, drawn: candidate.requests });
  const factors = chances.map((_, at) => Math.exp(after(from + at) - before));
  const boosted = logBoost + Math.log(boostOf({ chances, factors, cap: Math.exp(logCap - before) }));
  return Math.min(boosted, logCap - (after(candidate.bad) - logBoost));
}
