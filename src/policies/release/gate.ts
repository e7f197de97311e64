import { addBuckets, bucketsOfRatio, countIn, quantileBucket } from './buckets.ts';
import { logSum } from './log-sum.ts';
import type { Pair } from './pair.ts';
import { riseBound, type Seen } from './rate-bounds.ts';
import { logBoostOf } from './rate-boost.ts';
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

export interface GateMemory {
  /** Not enough yet to be compared. */
  readonly pending: Pair<Doings>;
  /** All that was compared. */
  readonly seen: Pair<Seen>;
  readonly curve: RateCurve;
  /** ln of what the evidence of the curve has gained by never paying more than a rollback needs. */
  readonly logBoost: number;
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
 * Requests of both versions that are compared together: small parts cost some of what they say, since only how they lie
 * within each counts, and great ones cost time. The root of what was seen costs least of both.
 */
function enough({ seen }: GateMemory): number {
  return Math.sqrt(seen.candidate.requests + seen.stable.requests);
}

function isEnough(memory: GateMemory, { candidate, stable }: Pair<Doings>): boolean {
  const fewest = Math.min(candidate.requests, stable.requests);
  return fewest > 0 && candidate.requests + stable.requests >= enough(memory);
}

/** A value is bad when it is beyond this part of the stable version's values. */
const tail: Readonly<Record<Direction, number>> = { greater: 0.1, different: 0.05 };

export function beginGate({ measure }: GateTerms): GateMemory {
  return {
    pending: { candidate: nothing, stable: nothing },
    seen: { candidate: unseen, stable: unseen },
    curve: evenCurve,
    logBoost: 0,
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

/** What was bad, and of how many. What is tolerated of values is tolerated of the candidate's alone. */
function judge(
  { measure, tolerated }: GateTerms,
  { bets }: GateMemory,
  { candidate, stable }: Pair<Doings>,
): Pair<Seen> {
  if (measure === 'bad-events') return { candidate, stable };
  const usual = { base: bets.base, direction: measure };
  return {
    candidate: outliers(candidate.buckets, { ...usual, margin: bucketsOfRatio(tolerated) }),
    stable: outliers(stable.buckets, { ...usual, margin: 0 }),
  };
}

/** Of how many values are extreme, and of how all of them have moved: the second finds most things sooner. */
const weightsOfTwo: readonly [extreme: number, moved: number] = [0.1, 0.9];

/** The gate, and ln of the evidence at which it alone rolls a release back. */
export interface GateTask extends GateTerms {
  readonly logCap: number;
}

function settle(task: GateTask, memory: GateMemory, fresh: Pair<Doings>): ShiftBets {
  const { measure, tolerated, logCap } = task;
  if (measure === 'bad-events') return memory.bets;
  const seen = { candidate: fresh.candidate.buckets, stable: fresh.stable.buckets };
  return settleShifts(memory.bets, seen, {
    direction: measure,
    tolerated,
    logCap: logCap - Math.log(weightsOfTwo[1]),
  });
}

/** What the bad events of some requests add to the curve, and to what it has gained. */
function learnCurve(
  { measure, tolerated, logCap }: GateTask,
  { curve, logBoost }: GateMemory,
  bad: Pair<Seen>,
): Pick<GateMemory, 'curve' | 'logBoost'> {
  const isRate = measure === 'bad-events';
  const terms = {
    tolerated: isRate ? tolerated : 1,
    logCap: isRate ? logCap : logCap - Math.log(weightsOfTwo[0]),
  };
  const { candidate, stable } = bad;
  const both = candidate.bad + stable.bad;
  const share = candidate.requests / (candidate.requests + stable.requests);
  return {
    curve: learnRate(curve, { candidate: candidate.bad, both, share }),
    logBoost: logBoostOf({ curve, logBoost }, bad, terms),
  };
}

/** Takes in what has happened since the last look; compares once there is enough of both versions. */
export function learnGate(task: GateTask, memory: GateMemory, news: Pair<Doings>): GateMemory {
  const candidate = together(memory.pending.candidate, news.candidate);
  const stable = together(memory.pending.stable, news.stable);
  const pending = { candidate, stable };
  // Before the candidate's first request: nothing to compare yet, but the stable version can be known.
  if (candidate.requests === 0 && memory.seen.candidate.requests === 0)
    return { ...memory, bets: learnBase(memory.bets, news.stable.buckets) };
  if (!isEnough(memory, pending)) return { ...memory, pending };
  const bad = judge(task, memory, pending);
  return {
    pending: { candidate: nothing, stable: nothing },
    seen: {
      candidate: add(memory.seen.candidate, bad.candidate),
      stable: add(memory.seen.stable, bad.stable),
    },
    ...(bad.candidate.requests > 0 ? learnCurve(task, memory, bad) : { curve: memory.curve, logBoost: 0 }),
    bets: settle(task, memory, pending),
    candidate: addBuckets(memory.candidate, candidate.buckets),
  };
}

function evidenceOf({ measure, tolerated }: GateTerms, { curve, logBoost, bets }: GateMemory): number {
  if (measure === 'bad-events') return logHarm(curve, tolerated) + logBoost;
  return logSum([logHarm(curve, 1) + logBoost, logShift(bets, measure)], weightsOfTwo);
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
