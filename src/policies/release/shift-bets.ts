import { addBuckets, bucketCount, bucketsOfRatio, countIn } from './buckets.ts';
import { logSum, normalised } from './log-sum.ts';
import { risingRatios } from './rising.ts';
import { revealPart, type Met, type Settled } from './revealed-part.ts';

/** What both versions' values were in one time, by bucket; see `buckets.ts`. */
export interface Spreads {
  readonly candidate: readonly number[];
  readonly stable: readonly number[];
}

export interface ShiftBets {
  /** ln of what each bet has grown to from 1. */
  readonly wealth: readonly number[];
  /** ln of what all together have gained by never paying more than a rollback needs. */
  readonly logBoost: number;
  /** The stable version's values before now. */
  readonly base: readonly number[];
  /** As they were when the bets were last made anew: what the bets are made from. */
  readonly model: readonly number[];
}

/** Bets: "the candidate's values are those of the stable version, moved by so many buckets" (9 % each). */
const upwards: readonly number[] = [1, 2, 4, 7, 12, 20];
const bothWays: readonly number[] = [...upwards, ...upwards.map((shift) => -shift)];

export type Direction = 'greater' | 'different';

/** Great shifts show themselves soon whatever the bet, so most is on the smaller ones. */
const upwardWeights: readonly number[] = [1, 1, 1, 0.6, 0.15, 0.05];

interface Book {
  readonly shifts: readonly number[];
  readonly weights: readonly number[];
}

const books: Readonly<Record<Direction, Book>> = {
  greater: { shifts: upwards, weights: normalised(upwardWeights) },
  different: { shifts: bothWays, weights: normalised([...upwardWeights, ...upwardWeights]) },
};

export function beginShiftBets(direction: Direction): ShiftBets {
  return { wealth: books[direction].shifts.map(() => 0), logBoost: 0, base: [], model: [] };
}

/** No bet before the stable version is known this well. */
const baseMin = 30;
/** So much of each bet is on "no different": a wrong bet then loses slowly. */
const caution = 0.05;
/** Counted in each bucket without being seen, so that none is impossible. */
const floorCount = 0.02;

/** The density that few values suggest: each counts for its neighbours as well, for more of them the fewer there are. */
function smooth(base: readonly number[]): readonly number[] {
  const total = countIn(base);
  const reach = Math.min(8, Math.max(1, Math.round(24 / total ** 0.25)));
  const density = Array.from({ length: bucketCount }, () => floorCount);
  for (const [bucket, count] of base.entries()) {
    if (count === 0) continue;
    for (let by = -reach; by <= reach; by += 1) {
      const at = Math.min(bucketCount - 1, Math.max(0, bucket + by));
      density[at] = (density[at] ?? 0) + (count * (reach + 1 - Math.abs(by))) / (reach + 1) ** 2;
    }
  }
  return density;
}

/** Values moved by so many buckets towards smaller ones (by less than 0: greater); the ends take what falls off. */
function moved(values: readonly number[], by: number): readonly number[] {
  if (by === 0) return values;
  const result = values.map(() => 0);
  for (const [bucket, count] of values.entries()) {
    const at = Math.min(values.length - 1, Math.max(0, bucket - by));
    result[at] = (result[at] ?? 0) + count;
  }
  return result;
}

/**
 * How much likelier each bucket is if the candidate's values are the stable version's, moved by `shift`. Made to rise in
 * the direction of the shift, so that values on the other side never count for harm.
 */
function oddsOf(density: readonly number[], shift: number): readonly number[] {
  const there = density.map((_, bucket) => density[bucket - shift] ?? floorCount);
  const ratios =
    shift > 0
      ? risingRatios(there, density)
      : risingRatios(there.toReversed(), density.toReversed()).toReversed();
  return ratios.map((ratio) => caution + (1 - caution) * ratio);
}

/** What each bet of a book says, for bets that were made from one model: most looks change nothing of it. */
const made = new WeakMap<readonly number[], Map<Direction, readonly (readonly number[])[]>>();

function oddsFrom(model: readonly number[], direction: Direction): readonly (readonly number[])[] {
  const known = made.get(model) ?? new Map<Direction, readonly (readonly number[])[]>();
  made.set(model, known);
  const before = known.get(direction);
  if (before !== undefined) return before;
  const density = smooth(model);
  const odds = books[direction].shifts.map((shift) => oddsOf(density, shift));
  known.set(direction, odds);
  return odds;
}

/** The values that were seen at all, the greatest first. */
function metIn({ candidate, stable }: Spreads): readonly Met[] {
  const met: Met[] = [];
  for (const [bucket, mine] of candidate.entries()) {
    const both = mine + (stable[bucket] ?? 0);
    if (both > 0) met.push({ bucket, mine, both });
  }
  return met.toReversed();
}

/** Each value is a coin flip that lands on the candidate; the bet says with which odds, by its bucket. */
function logGain(odds: readonly number[], met: readonly Met[], share: number): number {
  let gain = 0;
  for (const { bucket, mine, both } of met) {
    const ratio = odds[bucket] ?? 1;
    gain += mine * Math.log(ratio) - both * Math.log1p(share * (ratio - 1));
  }
  return gain;
}

/** Made anew when there is a tenth more to make bets from. */
const renewal = 1.1;

function learnBaseOf(
  { base, model }: ShiftBets,
  stable: readonly number[],
): Pick<ShiftBets, 'base' | 'model'> {
  const learned = addBuckets(base, stable);
  return { base: learned, model: countIn(learned) >= renewal * countIn(model) ? learned : model };
}

export interface ShiftTerms {
  readonly direction: Direction;
  readonly tolerated: number;
  /** ln of the evidence at which a release is rolled back: more is of no use. */
  readonly logCap: number;
}

function settle({ wealth, logBoost, model }: ShiftBets, seen: Spreads, terms: ShiftTerms): Settled {
  const { direction, tolerated, logCap } = terms;
  const by = bucketsOfRatio(tolerated);
  const { shifts, weights } = books[direction];
  const odds = oddsFrom(model, direction);
  const candidate = countIn(seen.candidate);
  // Up to the tolerated ratio a greater value is as good, and so is a smaller one where both ways count.
  const up = metIn({ candidate: moved(seen.candidate, by), stable: seen.stable });
  const isOne = direction === 'greater' || by === 0;
  const revealed = isOne
    ? revealPart({ met: up, candidate, odds }, { wealth, weights, logBoost, logCap })
    : undefined;
  if (revealed !== undefined) return revealed;
  const down = isOne ? up : metIn({ candidate: moved(seen.candidate, -by), stable: seen.stable });
  const share = candidate / (candidate + countIn(seen.stable));
  const gainOf = (log: number, at: number): number =>
    log + logGain(odds[at] ?? [], (shifts[at] ?? 0) > 0 ? up : down, share);
  return { wealth: wealth.map(gainOf), logBoost };
}

/**
 * Settles every bet on what was seen and learns from it for the next. If both versions' values come from one
 * distribution, whatever it is and however it changes from one time to the next, each bet is expected not to grow:
 * with g and h its factors for a value of the candidate and of the stable version, s·g + (1 − s)·h = 1, and by the
 * inequality of means E[g]^s · E[h]^(1−s) ≤ 1 (Turner, Ly, Grünwald 2024, for samples with more than two outcomes).
 * The odds rise, so that a candidate whose values are smaller expects even less. Small parts are settled exactly, and
 * never pay more than a rollback needs: see `revealed-part.ts`.
 */
export function settleShifts(bets: ShiftBets, seen: Spreads, terms: ShiftTerms): ShiftBets {
  const learned = learnBaseOf(bets, seen.stable);
  return countIn(bets.base) < baseMin
    ? { ...bets, ...learned }
    : { ...bets, ...learned, ...settle(bets, seen, terms) };
}

/** What the stable version did while nobody was compared with it makes for better bets later. */
export function learnBase(bets: ShiftBets, stable: readonly number[]): ShiftBets {
  return { ...bets, ...learnBaseOf(bets, stable) };
}

/** ln of what all bets together have grown to. */
export function logShift({ wealth, logBoost }: ShiftBets, direction: Direction): number {
  return logSum(wealth, books[direction].weights) + logBoost;
}
