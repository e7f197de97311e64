import type { LoadReading } from '#contracts';

/**
 * Counters of one deployment's requests, from which its load is read. Sums only: nothing is kept of a request but
 * what it added.
 */
export interface Traffic {
  /** Places of one replica, as last seen. */
  places: number;
  /** A stream that begins later, or another request that waits longer for its place, is late. */
  waitMs: number;
  arrivedWorkMs: number;
  waitingWorkMs: number;
  /** What a request took its place for, on average: stands in where nothing is predicted. */
  meanTookMs: number;
  /** Places taken now, since when, and the time they were taken before. */
  taken: number;
  takenSinceMs: number;
  takenMs: number;
  begun: number;
  firstByteMs: number;
  due: number;
  late: number;
}

export function createTraffic(): Traffic {
  return {
    places: 1,
    waitMs: Infinity,
    arrivedWorkMs: 0,
    waitingWorkMs: 0,
    meanTookMs: 0,
    taken: 0,
    takenSinceMs: 0,
    takenMs: 0,
    begun: 0,
    firstByteMs: 0,
    due: 0,
    late: 0,
  };
}

/** Returns what the request is taken to weigh: it is told again when it waits no longer. */
export function noteArrival(traffic: Traffic, workMs: number | undefined): number {
  const weightMs = workMs ?? traffic.meanTookMs;
  traffic.arrivedWorkMs += weightMs;
  traffic.waitingWorkMs += weightMs;
  return weightMs;
}

/** It waits no longer: it has a place, or never will. */
export function noteTurn(traffic: Traffic, weightMs: number): void {
  traffic.waitingWorkMs = Math.max(0, traffic.waitingWorkMs - weightMs);
}

/** It was due after so long; infinity is never. */
export function noteDue(traffic: Traffic, afterMs: number): void {
  traffic.due += 1;
  if (afterMs > traffic.waitMs) traffic.late += 1;
}

/** Places are taken or given back: fractions of one where requests share it. */
export function noteTaken(traffic: Traffic, places: number, nowMs: number): void {
  traffic.takenMs += traffic.taken * (nowMs - traffic.takenSinceMs);
  traffic.takenSinceMs = nowMs;
  traffic.taken = Math.max(0, traffic.taken + places);
}

export function noteBegun(traffic: Traffic, firstByteMs: number): void {
  traffic.begun += 1;
  traffic.firstByteMs += firstByteMs;
}

const tookWeight = 0.05;

export function noteTook(traffic: Traffic, tookMs: number): void {
  const { meanTookMs } = traffic;
  traffic.meanTookMs = meanTookMs === 0 ? tookMs : meanTookMs + tookWeight * (tookMs - meanTookMs);
}

export interface Standing {
  readonly nowMs: number;
  readonly running: number;
  readonly waiting: number;
}

export function readTraffic(traffic: Traffic, { nowMs, running, waiting }: Standing): LoadReading {
  noteTaken(traffic, 0, nowMs);
  const { places, arrivedWorkMs, takenMs, begun, firstByteMs, due, late } = traffic;
  return {
    places,
    arrivedWorkMs,
    takenMs,
    inside: running + waiting,
    waiting,
    waitingWorkMs: waiting === 0 ? 0 : traffic.waitingWorkMs,
    begun,
    firstByteMs,
    due,
    late,
  };
}
