import { isProbing, type ServiceCurve } from '#policies';
import type { Choosing } from './choosing.ts';
import type { Route } from './route.ts';
import type { Slot } from './slot.ts';

/** A replica whose next place is overdue by so many times what was expected is not waited for. */
const overdueMax = 3;

/**
 * When one of the places of a full replica should be given back: of n requests the first is over after an n + 1st of
 * the usual time. Infinity where nobody can tell, or where it should have been long ago.
 */
function untilPlaceMs({ inFlight, workMs, pace, changedMs }: Slot, nowMs: number): number {
  if (workMs <= 0) return Infinity;
  const usualMs = ((workMs / inFlight) * pace) / (inFlight + 1);
  const leftMs = usualMs - (nowMs - changedMs);
  return leftMs < -overdueMax * usualMs ? Infinity : Math.max(leftMs, usualMs / 10);
}

/** One that failed is tried with one request at a time. */
function isTried({ circuit, inFlight }: Slot, nowMs: number): boolean {
  return inFlight > 0 && isProbing(circuit, nowMs);
}

export function hasRoom(slot: Slot, nowMs: number): boolean {
  return slot.inFlight < slot.concurrency && slot.shunnedUntilMs <= nowMs && !isTried(slot, nowMs);
}

/** Less is not worth waiting for: it is sent, and waits there. */
const aheadMs = 2;

function freeInMs(slot: Slot, nowMs: number): number {
  if (slot.shunnedUntilMs > nowMs || isTried(slot, nowMs)) return Infinity;
  if (slot.inFlight >= slot.concurrency) return untilPlaceMs(slot, nowMs);
  const readingMs = slot.readByMs - nowMs;
  return slot.reading === 0 || readingMs < aheadMs ? 0 : readingMs;
}

/** How fast a replica is differs from moment to moment; only what is clearly faster or slower counts. */
const paceMargin = 1.25;
/** What was measured so long ago counts half: a replica that was slow must be tried again. */
const paceHalfLifeMs = 10_000;

/** How much longer than predicted work should take here now. */
function paceNow({ pace, changedMs, inFlight }: Slot, nowMs: number): number {
  const age = inFlight > 0 ? 0 : (nowMs - changedMs) / paceHalfLifeMs;
  const likely = 1 + (pace - 1) * 0.5 ** age;
  return likely < paceMargin && likely > 1 / paceMargin ? 1 : likely;
}

/** Nothing is known of speed: what counts is how full a replica is. */
function lookUnmeasured(slot: Slot, nowMs: number): void {
  slot.freeInSeconds = hasRoom(slot, nowMs) ? 0 : Infinity;
  slot.secondsPerToken = 0;
  slot.fixedSeconds = (slot.inFlight + 1) / slot.concurrency;
}

/**
 * What a request would meet at a replica, for the routing policy. Language: the prompt's tokens by the curve, and a
 * step of each answer that is being written. All else: its share of the work that is there. One that was not measured
 * yet is taken to be as the others are.
 */
function look(
  slot: Slot,
  nowMs: number,
  given: { readonly isLanguage: boolean; readonly readPace: number; readonly usual: ServiceCurve },
): void {
  const { coefficients } = slot.curve.samples > 0 ? slot.curve : given.usual;
  const [inputMs = 0, outputMs = 0, fixedMs = 0] = coefficients;
  const besideMs = given.isLanguage ? outputMs * slot.inFlight : slot.workMs / slot.concurrency;
  const pace = paceNow(slot, nowMs) / 1000;
  slot.freeInSeconds = freeInMs(slot, nowMs) / 1000;
  slot.secondsPerToken = inputMs * pace * (given.isLanguage ? given.readPace : 1);
  slot.fixedSeconds = (fixedMs + besideMs) * pace;
}

export function isLanguage({ task }: Route): boolean {
  return task !== 'embedding';
}

export function lookAtSlots({ readPace }: Choosing, route: Route, nowMs: number): void {
  const { slots, curve: usual } = route;
  const isMeasured = usual !== undefined && usual.samples > 0;
  for (const slot of slots)
    if (isMeasured) look(slot, nowMs, { isLanguage: isLanguage(route), readPace, usual });
    else lookUnmeasured(slot, nowMs);
}
