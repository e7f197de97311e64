import type { Priority } from '#schema';
import type { Outcome, Policy, Reason } from '../policy.ts';
import { createPatience, noteLeft, noteStay, patienceMs, type Patience } from './patience.ts';

export interface WorkLimitInput {
  readonly nowMs: number;
  readonly priority: Priority;
  /** Predicted work that goes before it, as milliseconds of one place. */
  readonly aheadMs: number;
  /** Places of all ready replicas, slower ones counting less. */
  readonly places: number;
  /** Predicted time in its place: until the answer begins, and until it is over. */
  readonly firstByteMs: number;
  readonly serviceMs: number;
  /** How long the caller is willing to wait for the answer to begin; absent is for ever. */
  readonly deadlineMs?: number | undefined;
  /** `limits.objectiveMs` of the deployment. */
  readonly objectiveMs?: number | undefined;
  /** A number in [0, 1). */
  readonly chance: number;
}

/** What queues of one priority taught. Changed in place by `learnWait`, `learnLeft` and `learnExpired`. */
interface Taught {
  /** Decaying sums of the waits that were predicted and of those that came about. */
  predictedMs: number;
  waitedMs: number;
  readonly patience: Patience;
}

export type WorkLimitMemory = Readonly<Record<Priority, Taught>>;

export type WorkAdmission =
  | { readonly kind: 'admit'; readonly waitMs: number }
  | {
      readonly kind: 'refuse';
      /** `too-late`: it could not be answered in time even alone. */
      readonly code: 'overloaded' | 'too-late';
      /** Until there is room again. */
      readonly retryAfterMs: number;
    };

/** Which part of the time that is left for waiting a class may fill: room for the more important ones comes first. */
const share: Readonly<Record<Priority, number>> = { critical: 0.9, standard: 0.7, batch: 0.4 };
/** From this part of its limit on a class is shed by chance, more the nearer it comes; critical requests are not. */
const shedFrom = 0.5;
/** A sample's weight after n further ones is `memory ** n`. */
const memory = 0.98;
/** Behind as many milliseconds of predicted waits the first measurements count for little. */
const priorMs = 200;
const stretchMax = 32;
/** Less is noise. */
const waitMinMs = 1;

function untaught(): Taught {
  return { predictedMs: priorMs, waitedMs: priorMs, patience: createPatience() };
}

/** How much longer waits are than predicted: the gradient by which the limit on work follows the queue time. */
function stretchOf({ predictedMs, waitedMs }: Taught): number {
  return Math.min(stretchMax, Math.max(1 / stretchMax, waitedMs / predictedMs));
}

function add(taught: Taught, predictedMs: number, waitedMs: number): void {
  taught.predictedMs = memory * taught.predictedMs + predictedMs;
  taught.waitedMs = memory * taught.waitedMs + waitedMs;
}

/** A request got its place after `waitedMs`, where `predictedMs` had been expected. */
export function learnWait(
  memories: WorkLimitMemory,
  priority: Priority,
  wait: { readonly predictedMs: number; readonly waitedMs: number },
): void {
  const taught = memories[priority];
  noteStay(taught.patience, wait.waitedMs);
  if (wait.predictedMs > waitMinMs) add(taught, wait.predictedMs, wait.waitedMs);
}

interface VainWait {
  readonly predictedMs: number;
  readonly waitedMs: number;
}

/** It would have waited longer still: at least this much is known. */
function addVain(taught: Taught, { predictedMs, waitedMs }: VainWait): void {
  if (waitedMs > predictedMs && predictedMs > waitMinMs) add(taught, predictedMs, waitedMs);
}

/** A caller left after `waitedMs` without a place. */
export function learnLeft(memories: WorkLimitMemory, priority: Priority, wait: VainWait): void {
  const taught = memories[priority];
  noteLeft(taught.patience, wait.waitedMs);
  addVain(taught, wait);
}

/** Its time was up after `waitedMs` without a place: what it would have waited without a limit nobody knows. */
export function learnExpired(memories: WorkLimitMemory, priority: Priority, wait: VainWait): void {
  const taught = memories[priority];
  noteStay(taught.patience, wait.waitedMs);
  addVain(taught, wait);
}

type Answer = Outcome<WorkAdmission, WorkLimitMemory>;

/** The time a request can wait for its place, as far as anybody has said: by its deadline, the objective, or by leaving. */
function slackMs(input: WorkLimitInput, taught: Taught): number {
  const { deadlineMs = Infinity, objectiveMs = Infinity, firstByteMs, serviceMs } = input;
  const callersMs = patienceMs(taught.patience);
  return Math.min(deadlineMs - firstByteMs, objectiveMs - serviceMs, callersMs - firstByteMs);
}

function refuse(
  code: 'overloaded' | 'too-late',
  reason: Reason,
  retryAfterMs: number,
): Omit<Answer, 'memory'> {
  return { decision: { kind: 'refuse', code, retryAfterMs }, reason };
}

const queued: Reason = { code: 'queued' };

function decideOn(input: WorkLimitInput, taught: Taught): Omit<Answer, 'memory'> {
  const waitMs = (stretchOf(taught) * (input.aheadMs + input.serviceMs)) / Math.max(1, input.places);
  const leftMs = (input.deadlineMs ?? Infinity) - input.firstByteMs;
  if (leftMs <= 0)
    return refuse('too-late', { code: 'deadline-too-near', facts: { leftMs, waitMs } }, waitMs);
  if (waitMs > leftMs)
    return refuse('overloaded', { code: 'deadline-too-near', facts: { leftMs, waitMs } }, waitMs - leftMs);
  const slack = slackMs(input, taught);
  // Where the objective is shorter than the work itself, the next place that becomes free is still worth waiting for.
  const nextPlaceMs = (2 * input.serviceMs) / input.places;
  const limitMs = Math.max(share[input.priority] * slack, nextPlaceMs);
  const fill = waitMs / limitMs;
  const facts = { waitMs, limitMs };
  if (fill > 1) return refuse('overloaded', { code: 'over-limit', facts }, waitMs - shedFrom * limitMs);
  const shed = input.priority === 'critical' ? 0 : (fill - shedFrom) / (1 - shedFrom);
  if (input.chance < shed)
    return refuse('overloaded', { code: 'shed-near-limit', facts }, waitMs - shedFrom * limitMs);
  return { decision: { kind: 'admit', waitMs }, reason: queued };
}

/**
 * Whether a request that must wait may: a limit on predicted work, not on requests. What goes before it, by the fair
 * order, over the places there are is the wait it would have; `stretch`, the ratio of the waits that came about to
 * those predicted, corrects that (a gradient on queue time, as in Gradient2 and DAGOR), so a curve that is wrong or a
 * replica that is slow lowers the limit by itself. The limit is a share of the time the request can wait: by its
 * deadline, the objective, or the patience that callers who left have shown; where nobody has said, there is
 * none, and `queueDepthMax` alone bounds the queue. Near the limit requests are shed by chance rather than all at once.
 */
export const workLimit: Policy<WorkLimitInput, WorkLimitMemory, WorkAdmission> = {
  name: 'work-limit',
  begin: () => ({ critical: untaught(), standard: untaught(), batch: untaught() }),
  decide: (input, memories) => ({ ...decideOn(input, memories[input.priority]), memory: memories }),
};
