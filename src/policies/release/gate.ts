import { addBuckets, bucketsOfRatio, countIn, quantileBucket } from './buckets.ts';
import { logSum } from './log-sum.ts';
import { riseBound, type Seen } from './rate-bounds.ts';
import { evenCurve, learnRate, logHarm, ratioBound, type RateCurve } from './rate-curve.ts';
import {
  beginShiftBets,
  learnBase,
  logShift,
  settleShifts,
  type Direction,
  type ShiftBets,
} from './shift-bets.ts';

/** What is compared: how often something bad happens, or how values are spread. */
export type Measure = 'bad-events' | Direction;

export interface GateTerms {
  readonly name: string;
  readonly measure: Measure;
  /** The part of the release's error that this gate may use; those of all gates are made to add up to 1. */
  readonly weight: number;
  /** Up to so many times as frequent, or times the value, is no harm: 1 and above. */
  readonly tolerated: number;
  /** Promotion wants certainty that the candidate is at most so many times as bad … */
  readonly boundRatio: number;
  /** … or that bad events are at most this part of its requests more frequent (0.01 is one in a hundred). */
  readonly boundRise: number;
}

/** What one version did: requests and how many were bad (`bad-events`), or values by bucket (the others). */
export interface Doings {
  readonly requests: number;
  readonly bad: number;
  readonly buckets: readonly number[];
}

export interface Pair<T> {
  readonly candidate: T;
  readonly stable: T;
}

export interface GateMemory {
  /** Not enough yet to be compared. */
  readonly pending: Pair<Doings>;
  /** All that was compared. */
  readonly seen: Pair<Seen>;
  readonly curve: RateCurve;
  readonly bets: ShiftBets;
  /** The candidate's values so far, for people. */
  readonly candidate: readonly number[];
}

/** What a gate has found out so far. */
export interface Finding {
  readonly name: string;
  readonly measure: Measure;
  /** ln of the evidence for harm. */
  readonly logEvidence: number;
  /** The candidate is at most so many times as bad, and bad events at most so much more frequent. */
  readonly ratioBound: number;
  readonly riseBound: number;
  readonly passes: boolean;
  readonly candidate: Seen;
  readonly stable: Seen;
  /** The middle values' buckets, of gates that compare values. */
  readonly medians: Pair<number | undefined>;
}

const nothing: Doings = { requests: 0, bad: 0, buckets: [] };
const unseen: Seen = { requests: 0, bad: 0 };

/**
 * Of each version: fewer are kept until there are more, since the share that they make up would say little. Few at
 * first, so that what is thoroughly broken is found at once; later a part of what was seen, which costs little delay.
 */
const comparedMin = 5;
const comparedPart = 1 / 32;
const comparedMax = 50;

function enough({ seen }: GateMemory): number {
  return Math.min(comparedMax, Math.max(comparedMin, seen.candidate.requests * comparedPart));
}

/** A value is bad when it is beyond this part of the stable version's values. */
const tail: Readonly<Record<Direction, number>> = { greater: 0.1, different: 0.05 };

export function beginGate({ measure }: GateTerms): GateMemory {
  return {
    pending: { candidate: nothing, stable: nothing },
    seen: { candidate: unseen, stable: unseen },
    curve: evenCurve,
    bets: beginShiftBets(measure === 'different' ? 'different' : 'greater'),
    candidate: [],
  };
}

function together(left: Doings, right: Doings): Doings {
  return {
    requests: left.requests + right.requests,
    bad: left.bad + right.bad,
    buckets: addBuckets(left.buckets, right.buckets),
  };
}

function add(left: Seen, right: Seen): Seen {
  return { requests: left.requests + right.requests, bad: left.bad + right.bad };
}

interface Usual {
  readonly base: readonly number[];
  readonly direction: Direction;
  /** So many buckets beyond what is usual is usual still. */
  readonly margin: number;
}

/** How many values are beyond what is usual for the stable version, and how many there are. */
function outliers(buckets: readonly number[], { base, direction, margin }: Usual): Seen {
  const high = quantileBucket(base, 1 - tail[direction]);
  if (high === undefined) return unseen;
  const low = direction === 'different' ? (quantileBucket(base, tail[direction]) ?? 0) : -Infinity;
  let bad = 0;
  for (const [bucket, count] of buckets.entries())
    if (bucket > high + margin || bucket < low - margin) bad += count;
  return { requests: countIn(buckets), bad };
}

/** What is tolerated of values is tolerated of the candidate's alone. */
function judge({ measure, tolerated }: GateTerms, { bets }: GateMemory, { candidate, stable }: Pair<Doings>) {
  const plain = ({ requests, bad }: Doings): Seen => ({ requests, bad });
  if (measure === 'bad-events') return { mine: plain(candidate), theirs: plain(stable) };
  const usual = { base: bets.base, direction: measure };
  return {
    mine: outliers(candidate.buckets, { ...usual, margin: bucketsOfRatio(tolerated) }),
    theirs: outliers(stable.buckets, { ...usual, margin: 0 }),
  };
}

function settle(terms: GateTerms, memory: GateMemory, fresh: Pair<Doings>): ShiftBets {
  const { measure, tolerated } = terms;
  if (measure === 'bad-events') return memory.bets;
  const seen = { candidate: fresh.candidate.buckets, stable: fresh.stable.buckets };
  return settleShifts(memory.bets, seen, { direction: measure, tolerated });
}

/** Takes in what has happened since the last look; compares once there is enough of both versions. */
export function learnGate(terms: GateTerms, memory: GateMemory, news: Pair<Doings>): GateMemory {
  const candidate = together(memory.pending.candidate, news.candidate);
  const stable = together(memory.pending.stable, news.stable);
  const pending = { candidate, stable };
  // Before the candidate's first request: nothing to compare yet, but the stable version can be known.
  if (candidate.requests === 0 && memory.seen.candidate.requests === 0)
    return { ...memory, bets: learnBase(memory.bets, news.stable.buckets) };
  if (Math.min(candidate.requests, stable.requests) < enough(memory)) return { ...memory, pending };
  const { mine, theirs } = judge(terms, memory, pending);
  const share = candidate.requests / (candidate.requests + stable.requests);
  return {
    pending: { candidate: nothing, stable: nothing },
    seen: { candidate: add(memory.seen.candidate, mine), stable: add(memory.seen.stable, theirs) },
    curve: learnRate(memory.curve, { candidate: mine.bad, both: mine.bad + theirs.bad, share }),
    bets: settle(terms, memory, pending),
    candidate: addBuckets(memory.candidate, candidate.buckets),
  };
}

/** Of how many values are extreme, and of how all of them have moved: the second finds most things sooner. */
const weightsOfTwo = [0.3, 0.7];

function evidenceOf({ measure, tolerated }: GateTerms, { curve, bets }: GateMemory): number {
  if (measure === 'bad-events') return logHarm(curve, tolerated);
  return logSum([logHarm(curve, 1), logShift(bets, measure)], weightsOfTwo);
}

function find(terms: GateTerms, memory: GateMemory, beta: number): Finding {
  const { candidate, stable } = memory.seen;
  const ratio = ratioBound(memory.curve, beta / 2);
  const rise = riseBound(candidate, stable, beta / 2);
  const known = candidate.requests > 0 && stable.requests > 0;
  return {
    name: terms.name,
    measure: terms.measure,
    logEvidence: evidenceOf(terms, memory),
    ratioBound: ratio,
    riseBound: rise,
    passes: known && (ratio <= terms.boundRatio || rise <= terms.boundRise),
    candidate,
    stable,
    medians: {
      candidate: quantileBucket(memory.candidate, 0.5),
      stable: quantileBucket(memory.bets.base, 0.5),
    },
  };
}

interface Kept {
  readonly terms: GateTerms;
  readonly beta: number;
  readonly finding: Finding;
}

/** Most looks bring too little for a comparison, and leave `seen` as it was. */
const kept = new WeakMap<Pair<Seen>, Kept>();

export function findingOf(terms: GateTerms, memory: GateMemory, beta: number): Finding {
  const last = kept.get(memory.seen);
  if (last !== undefined && last.terms === terms && last.beta === beta) return last.finding;
  const finding = find(terms, memory, beta);
  kept.set(memory.seen, { terms, beta, finding });
  return finding;
}
