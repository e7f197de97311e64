import type { Outcome, Policy, Reason } from '../policy.ts';
import { learnArrivalRate, noArrivals, type ArrivalRate } from './arrival-rate.ts';
import { returnUntilMs, type Returns } from './returns.ts';
import { batchMs, sizeWithin, steadySize, sustainingSize, type BatchRates } from './steady-size.ts';

export interface BatchInput {
  readonly nowMs: number;
  /**
   * By when each waiting request has to be answered, in the order in which they should go; Infinity for those that
   * have all the time in the world. Those beyond `2 · sizeMax` may be left out.
   */
  readonly dueMs: readonly number[];
  /** When the one that has waited longest came. */
  readonly oldestMs: number;
  /** Requests that ever came. */
  readonly arrivals: number;
  /** Batches that run at once when all replicas work, and how many more could start now. */
  readonly places: number;
  readonly idle: number;
  readonly sizeMax: number;
  /** Every request is kept so long for others to join; absent: where it pays, as long as the objective allows. */
  readonly windowMs: number | undefined;
  /** Time from arrival to answer that is aimed at; absent: as soon as possible. */
  readonly objectiveMs: number | undefined;
  /** Absent while nothing was measured. */
  readonly rates: BatchRates | undefined;
  /** Kept in reserve for what the curve does not know: the usual error of its predictions, the way back. */
  readonly marginMs: number;
  /** How soon callers come back for more; absent while nothing is known of that. */
  readonly returns?: Returns | undefined;
}

/** Requests that are due before `hopelessMs` cannot be answered in time even alone. */
export type Batching = { readonly hopelessMs: number } & (
  | {
      /** Send the first `size` in order that are due at `dueFromMs` or later. */
      readonly kind: 'send';
      readonly size: number;
      readonly dueFromMs: number;
    }
  /** Look again at `untilMs`, or when something changes. */
  | { readonly kind: 'wait'; readonly untilMs: number }
);

/** The arrival rate is smoothed over so many objectives: long beside a batch, short beside a change of load. */
const smoothObjectives = 20;
/**
 * With fewer replicas an idle one is too large a part of the whole: waiting costs more than the larger batch brings.
 * Simulated for 1, 2, 3, 4, 8, 16 and 32 (bench:batching).
 */
const placesToWait = 3;
/** How much larger than just sustaining a batch is worth waiting for: what chance needs on top of the mean. */
const headroom = 1.25;

/** What waits, as far as it can still be answered in time, by urgency. */
interface Line {
  readonly input: BatchInput;
  /** Most urgent first. */
  readonly due: readonly number[];
  /** How many of them are due before `hopelessMs`: not even alone can they be answered in time. */
  readonly lost: number;
  readonly hopelessMs: number;
}

/** `dueMs` by urgency: as it is where all have the same objective, for then the order of arrival is that already. */
function byUrgency(dueMs: readonly number[]): readonly number[] {
  for (let at = 1; at < dueMs.length; at++)
    if ((dueMs[at] ?? 0) < (dueMs[at - 1] ?? 0)) return dueMs.toSorted((a, b) => a - b);
  return dueMs;
}

/** The largest batch that is done by `dueMs`, for what is not hopeless. */
function sizeBy({ input }: Line, dueMs: number): number {
  const { rates, nowMs, marginMs, sizeMax } = input;
  if (rates === undefined) return sizeMax;
  return Math.max(1, Math.min(sizeMax, sizeWithin(rates, dueMs - nowMs - marginMs)));
}

function hopelessMsOf({ nowMs, rates, marginMs }: BatchInput): number {
  return rates === undefined ? -Infinity : nowMs + batchMs(rates, 1) + marginMs;
}

function lineUp(input: BatchInput): Line {
  const due = byUrgency(input.dueMs);
  const hopelessMs = hopelessMsOf(input);
  let lost = 0;
  while (lost < due.length && (due[lost] ?? 0) < hopelessMs) lost += 1;
  return { input, due, lost, hopelessMs };
}

/** The size the replicas keep up with at most; `sizeMax` where there is no objective or nothing was measured. */
function steadyOf({ rates, objectiveMs, marginMs, places, sizeMax }: BatchInput): number {
  if (rates === undefined || objectiveMs === undefined) return sizeMax;
  return steadySize({ rates, objectiveMs: objectiveMs - marginMs, places, sizeMax });
}

/** How many should be together before a batch goes without having to. */
function wantedSize(input: BatchInput, ratePerMs: number): number {
  const { rates, objectiveMs, windowMs, places } = input;
  if (windowMs !== undefined) return steadyOf(input);
  if (objectiveMs === undefined || rates === undefined || places < placesToWait) return 1;
  const wanted = Math.round(headroom * sustainingSize(rates, places, ratePerMs));
  return Math.min(wanted, steadyOf(input));
}

/** The last moment at which one more could join and all of them still be in time. */
function lastMomentMs({ input, due, lost }: Line): number {
  const { rates, windowMs, oldestMs, marginMs } = input;
  const windowEndMs = windowMs === undefined ? Infinity : oldestMs + windowMs;
  if (rates === undefined) return windowEndMs;
  const oneMore = due.length - lost + 1;
  return Math.min(windowEndMs, (due[lost] ?? Infinity) - batchMs(rates, oneMore) - marginMs);
}

interface Group {
  readonly size: number;
  readonly dueFromMs: number;
  readonly passedOver: number;
}

/**
 * Early drop: when the most urgent allow only a small batch, passing over the fewest of them that lead to one of
 * `enough`, or else to the largest there is. Those passed over stay; another replica may still take them in time.
 */
function withoutUrgent(line: Line, enough: number): Group {
  const { due, lost } = line;
  const headMs = due[lost] ?? 0;
  let best: Group = { size: sizeBy(line, headMs), dueFromMs: headMs, passedOver: 0 };
  for (let at = lost + 1; due.length - at > best.size; at++) {
    const dueFromMs = due[at] ?? 0;
    const size = Math.min(due.length - at, sizeBy(line, dueFromMs));
    if (size <= best.size) continue;
    best = { size, dueFromMs, passedOver: at - lost };
    if (size >= enough) break;
  }
  return best;
}

/**
 * How large a batch must be for nobody to be passed over, as a share of the steady size. One replica has to make up
 * for what it leaves behind itself; of many, another one does.
 */
function enoughShare(places: number): number {
  return 0.8 + 0.4 / places;
}

function chooseGroup(line: Line): Group {
  const { input, due, lost } = line;
  const headMs = due[lost] ?? 0;
  const waiting = due.length - lost;
  const size = Math.min(waiting, sizeBy(line, headMs));
  const whole: Group = { size, dueFromMs: headMs, passedOver: 0 };
  if (size === waiting || input.objectiveMs === undefined || size >= input.sizeMax) return whole;
  const enough = enoughShare(input.places) * steadyOf(input);
  return size >= enough ? whole : withoutUrgent(line, enough);
}

type Answer = Omit<Outcome<Batching, ArrivalRate>, 'memory'>;

function wait({ hopelessMs }: Line, untilMs: number, reason: Reason): Answer {
  return { decision: { kind: 'wait', untilMs, hopelessMs }, reason };
}

function send(line: Line): Answer {
  const { size, dueFromMs, passedOver } = chooseGroup(line);
  const left = line.due.length - line.lost - passedOver - size;
  const code = passedOver > 0 ? 'urgent-passed-over' : left > 0 ? 'as-many-as-fit' : 'all-that-wait';
  return {
    decision: { kind: 'send', size, dueFromMs, hopelessMs: line.hopelessMs },
    reason: { code, facts: { size, left, passedOver } },
  };
}

/**
 * Nothing that waits can still be in time. Where nothing runs at all the last of it is tried all the same: a
 * prediction that has become wrong could not be mended otherwise.
 */
function onlyHopeless({ input, due, hopelessMs }: Line): Answer {
  const lastMs = due.at(-1);
  if (lastMs === undefined || input.idle < input.places)
    return { decision: { kind: 'wait', untilMs: Infinity, hopelessMs }, reason: { code: 'nothing-in-time' } };
  const decision = { kind: 'send', size: 1, dueFromMs: lastMs, hopelessMs: lastMs } as const;
  return { decision, reason: { code: 'late-but-idle' } };
}

/** Until when callers who were just answered should be back. Where other replicas idle too, nobody needs to wait for them. */
function callersBackMs({ nowMs, returns, rates, windowMs, idle }: BatchInput, waiting: number): number {
  if (returns === undefined || rates === undefined || windowMs !== undefined || idle > 1) return -Infinity;
  return returnUntilMs(returns, { nowMs, waiting, rates });
}

function decideNow(input: BatchInput, ratePerMs: number): Answer {
  const line = lineUp(input);
  const waiting = line.due.length - line.lost;
  if (input.idle <= 0) return wait(line, Infinity, { code: 'all-replicas-busy' });
  if (waiting === 0) return onlyHopeless(line);
  const fits = sizeBy(line, line.due[line.lost] ?? 0);
  const wanted = Math.min(wantedSize(input, ratePerMs), fits);
  const untilMs = lastMomentMs(line);
  const facts = { waiting, wanted };
  if (waiting < wanted && untilMs > input.nowMs && untilMs !== Infinity)
    return wait(line, untilMs, { code: 'more-still-fit', facts });
  const backMs = waiting < fits ? Math.min(untilMs, callersBackMs(input, waiting)) : -Infinity;
  if (backMs > input.nowMs) return wait(line, backMs, { code: 'others-come-back', facts });
  return send(line);
}

/**
 * When a batch goes and how large it is, for engines that take batches.
 *
 * Whatever waits goes as soon as a replica is free, at most as many as still make it; only where callers who were just
 * answered come back at once, they are waited for while that saves more than it costs (`returns.ts`). With three replicas or more and
 * an objective it is kept, while others work, until as many are together as the load needs, at the latest until the
 * last moment at which one more would still fit; under low load that is one, so nothing is delayed for nothing. With
 * a window of its own every batch is kept that long, unless it is full before. Under overload the few requests that
 * would make the batch small are passed over (early drop). One timer, no polling. O(waiting), a few microseconds.
 */
export const lastMoment: Policy<BatchInput, ArrivalRate, Batching> = {
  name: 'last-moment',
  begin: () => noArrivals,
  decide(input, before) {
    const smoothMs = smoothObjectives * (input.objectiveMs ?? 50);
    const memory = learnArrivalRate(before, input, smoothMs);
    const { decision, reason } = decideNow(input, memory.perMs);
    return { decision, memory, reason };
  },
};
