import { boostOf, chancesOf } from './capped.ts';
import { logSum } from './log-sum.ts';

/** The values that were seen at all: far fewer than buckets. */
export interface Met {
  readonly bucket: number;
  readonly mine: number;
  readonly both: number;
}

/** How much likelier each bucket is, by bet. */
type Odds = readonly (readonly number[])[];

/** The values of both versions in one part, the greatest first, and what is bet on them. */
export interface Part {
  readonly met: readonly Met[];
  readonly candidate: number;
  readonly odds: Odds;
}

export interface Stake {
  /** ln of what each bet has grown to. */
  readonly wealth: readonly number[];
  readonly weights: readonly number[];
  /** ln of what all bets have gained together by never paying more than the cap. */
  readonly logBoost: number;
  /** ln of what a rollback needs. */
  readonly logCap: number;
}

/** Before each value: the mean of a bet's product over all ways in which so many of what is left are the candidate's. */
type Means = readonly (readonly number[])[];

function meansOf({ met, candidate }: Part, odds: readonly number[]): Means {
  let means = [1, ...Array.from({ length: candidate }, () => 0)];
  const before = [means];
  let values = 0;
  for (const { bucket, both } of met.toReversed()) {
    const ratio = odds[bucket] ?? 1;
    means = means.slice();
    for (let one = 0; one < both; one += 1) {
      values += 1;
      for (let drawn = Math.min(values, candidate); drawn > 0; drawn -= 1) {
        const part = drawn / values;
        means[drawn] = (1 - part) * (means[drawn] ?? 0) + part * ratio * (means[drawn - 1] ?? 0);
      }
    }
    before.push(means);
  }
  return before.toReversed();
}

/** All bets together while values are revealed: each grown by those of the candidate so far. */
interface Stand {
  readonly means: readonly Means[];
  readonly grown: number[];
  left: number;
  all: number;
  logBoost: number;
}

/** What all bets come to after so many values, if so many of those left are the candidate's. */
function worthAt({ means, grown }: Stand, at: number, left: number): number {
  let worth = 0;
  for (const [bet, one] of grown.entries()) worth += one * (means[bet]?.[at]?.[left] ?? 0);
  return worth;
}

/** Reveals how many of one bucket's values are the candidate's; what it made of the evidence. */
function reveal({ met, odds }: Part, stand: Stand, { at, logCap }: { at: number; logCap: number }): number {
  const { bucket, mine, both } = met[at] ?? { bucket: 0, mine: 0, both: 0 };
  const { from, chances } = chancesOf({ all: stand.all, bad: both, drawn: stand.left });
  const now = worthAt(stand, at, stand.left);
  const ratios = odds.map((of) => of[bucket] ?? 1);
  const factors = chances.map((_, by) => {
    const mineBy = from + by;
    const grown = stand.grown.map((one, bet) => one * (ratios[bet] ?? 1) ** mineBy);
    return worthAt({ ...stand, grown }, at + 1, stand.left - mineBy) / now;
  });
  const cap = Math.exp(logCap - stand.logBoost) / now;
  stand.logBoost += Math.log(boostOf({ chances, factors, cap }));
  for (const [bet, ratio] of ratios.entries()) stand.grown[bet] = (stand.grown[bet] ?? 0) * ratio ** mine;
  stand.left -= mine;
  stand.all -= both;
  return stand.logBoost + Math.log(worthAt(stand, at + 1, stand.left));
}

/** ln of what the candidate's values alone have made of a bet. */
function landed({ met }: Part, odds: readonly number[]): number {
  let log = 0;
  for (const { bucket, mine } of met) log += mine * Math.log(odds[bucket] ?? 1);
  return log;
}

/** Values times the candidate's values of a part that is revealed: beyond, the last bit of evidence is a small one. */
const workMax = 8192;

const rounding = 1e-9;

export type Settled = Pick<Stake, 'wealth' | 'logBoost'>;

/**
 * Settles bets value by value, from the greatest on. If both versions are alike, each of the values that are left is
 * the candidate's with the same chance, so that the evidence can be expected to stay what it is whenever one stops
 * looking: where it reaches the cap it stays, and what outcomes would pay beyond is given to the others, as in
 * `rate-boost.ts`. If the candidate's are smaller, the greatest of those left is its own less often, and that pays most.
 * Undefined where there is too much to reveal.
 */
export function revealPart(part: Part, { wealth, weights, logBoost, logCap }: Stake): Settled | undefined {
  const { met, candidate, odds } = part;
  const all = met.reduce((sum, { both }) => sum + both, 0);
  if (all * candidate > workMax || logBoost + logSum(wealth, weights) >= logCap) return undefined;
  const means = odds.map((of) => meansOf(part, of));
  const logMeans = means.map((of) => Math.log(of[0]?.[candidate] ?? 0));
  if (!logMeans.every(Number.isFinite)) return undefined;
  // Relative to the best bet: after a long time all of them can be too small for a number.
  const best = Math.max(...wealth);
  const grown = wealth.map((log, bet) => (weights[bet] ?? 0) * Math.exp(log - best - (logMeans[bet] ?? 0)));
  const stand = { means, grown, left: candidate, all, logBoost: logBoost + best };
  const settled = wealth.map((log, bet) => log - (logMeans[bet] ?? 0) + landed(part, odds[bet] ?? []));
  for (let at = 0; at < met.length; at += 1)
    if (reveal(part, stand, { at, logCap }) >= logCap - rounding)
      return { wealth: settled, logBoost: logCap - logSum(settled, weights) };
  return { wealth: settled, logBoost: stand.logBoost - best };
}
