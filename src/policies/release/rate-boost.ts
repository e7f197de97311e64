import type { Pair } from './pair.ts';
import type { Seen } from './rate-bounds.ts';
import { learnRate, logHarm, type RateCurve } from './rate-curve.ts';

/** So many bad events in one comparison say enough by themselves. */
const bothMax = 64;

/**
 * The chance of each number of bad events with the candidate if both versions are alike: drawn without replacement from
 * the requests that are compared. From `from` on.
 */
function chancesOf({ candidate, stable }: Pair<Seen>): { readonly from: number; readonly chances: number[] } {
  const both = candidate.bad + stable.bad;
  const from = Math.max(0, both - stable.requests);
  const to = Math.min(both, candidate.requests);
  const chances = [1];
  let [last, sum] = [1, 1];
  for (let at = from; at < to; at += 1) {
    last *= ((candidate.requests - at) * (both - at)) / ((at + 1) * (stable.requests - both + at + 1));
    chances.push(last);
    sum += last;
  }
  return { from, chances: chances.map((chance) => chance / sum) };
}

export interface Boosted {
  readonly curve: RateCurve;
  readonly logBoost: number;
}

export interface BoostTerms {
  readonly tolerated: number;
  /** ln of the evidence at which a release is rolled back: more is of no use. */
  readonly logCap: number;
}

/** What each outcome would make of 1 now, by its chance; `cap` is what a rollback needs. */
interface Bet {
  readonly chances: readonly number[];
  readonly factors: readonly number[];
  readonly cap: number;
}

/** By how much every outcome can be raised, if none pays more than the cap, so that 1 is still what can be expected. */
function boostOf({ chances, factors, cap }: Bet): number {
  let boost = 1;
  // Those beyond the cap come one after the other, the greatest first.
  for (let turn = 0; turn < factors.length; turn += 1) {
    let [capped, rest] = [0, 0];
    for (const [at, factor] of factors.entries()) {
      if (factor * boost >= cap) capped += (chances[at] ?? 0) * cap;
      else rest += (chances[at] ?? 0) * factor;
    }
    const next = rest === 0 ? boost : Math.max(1, (1 - capped) / rest);
    if (next <= boost) return boost;
    boost = next;
  }
  return boost;
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
  const share = candidate.requests / (candidate.requests + stable.requests);
  const after = (landed: number): number =>
    logHarm(learnRate(curve, { candidate: landed, both, share }), tolerated) + logBoost;
  const before = logHarm(curve, tolerated) + logBoost;
  const most = Math.min(both, candidate.requests);
  const isBoosted = tolerated === 1 && both <= bothMax && before < logCap && after(most) > logCap;
  if (!isBoosted) return logBoost;
  const { from, chances } = chancesOf(bad);
  const factors = chances.map((_, at) => Math.exp(after(from + at) - before));
  const boosted = logBoost + Math.log(boostOf({ chances, factors, cap: Math.exp(logCap - before) }));
  return Math.min(boosted, logCap - (after(candidate.bad) - logBoost));
}
