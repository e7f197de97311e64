import {
  createReturns,
  createServiceCurve,
  lastMoment,
  learn,
  noteCame,
  noteFreed,
  ratesOf,
  sizeWithin,
  steadySize,
} from '#policies';
import type { Batcher, Cell, View } from './world.ts';

/** How long the decisions of the live policy take, by count. */
export interface Stopwatch {
  decisions: number;
  totalMs: number;
}

/** The policy that dispatch asks, with what dispatch would tell it; the curve is learned on the way, as it is there. */
export function millrace(cell: Cell, stopwatch?: Stopwatch): Batcher {
  const curve = createServiceCurve();
  const returns = createReturns();
  let memory = lastMoment.begin();
  let seen = 0;
  return {
    learn({ nowMs, size, tookMs }) {
      learn(curve, { inputs: size, outputs: 0, tookMs });
      noteFreed(returns, { nowMs, answered: size });
    },
    decide(view) {
      for (; seen < view.arrivals; seen += 1) noteCame(returns, view.nowMs);
      if (view.idle === 0) return { kind: 'wait', untilMs: Infinity };
      const dueMs = view.waiting.map((at) => at + cell.objectiveMs);
      const input = {
        nowMs: view.nowMs,
        dueMs,
        oldestMs: view.waiting[0] ?? 0,
        arrivals: view.arrivals,
        places: cell.places,
        idle: view.idle,
        sizeMax: cell.sizeMax,
        windowMs: undefined,
        objectiveMs: cell.objectiveMs,
        rates: ratesOf(curve),
        marginMs: 0,
        returns,
      };
      const startMs = stopwatch === undefined ? 0 : performance.now();
      const outcome = lastMoment.decide(input, memory);
      if (stopwatch !== undefined) {
        stopwatch.totalMs += performance.now() - startMs;
        stopwatch.decisions += 1;
      }
      memory = outcome.memory;
      const { decision } = outcome;
      const alive = dueMs.findIndex((due) => due >= decision.hopelessMs);
      if (alive !== 0) return { kind: 'drop', count: alive < 0 ? dueMs.length : alive };
      if (decision.kind === 'wait') return decision;
      const from = dueMs.findIndex((due) => due >= decision.dueFromMs);
      return { kind: 'send', from, size: decision.size };
    },
  };
}

/** The largest batch that the one at `at` still lives to see. */
function fits({ cell, nowMs, waiting }: View, at = 0): number {
  const leftMs = (waiting[at] ?? 0) + cell.objectiveMs - nowMs;
  return Math.min(cell.sizeMax, sizeWithin(cell.rates, leftMs));
}

function hopeless(view: View): number {
  let count = 0;
  while (count < view.waiting.length && fits(view, count) < 1) count += 1;
  return count;
}

const busy = { kind: 'wait', untilMs: Infinity } as const;

/** Whatever waits goes as soon as a replica is free; the curve is known, and what is too late is refused. */
export function eager(): Batcher {
  return {
    decide(view) {
      const count = hopeless(view);
      if (count > 0) return { kind: 'drop', count };
      if (view.idle === 0) return busy;
      return { kind: 'send', from: 0, size: Math.min(view.waiting.length, fits(view)) };
    },
  };
}

/** As Triton does it: a largest size, set to what the replicas can keep up, and a delay that is a tenth of the objective. */
export function fixedDelay(cell: Cell): Batcher {
  const largest = steadySize(cell);
  const delayMs = cell.objectiveMs / 10;
  return {
    decide({ waiting, nowMs, idle }) {
      if (idle === 0) return busy;
      const untilMs = (waiting[0] ?? 0) + delayMs;
      if (waiting.length < largest && untilMs > nowMs + 1e-9) return { kind: 'wait', untilMs };
      return { kind: 'send', from: 0, size: Math.min(waiting.length, largest) };
    },
  };
}

/** As Clipper does it: the size grows by one with each full batch below half the objective and shrinks by a tenth above. */
export function additiveIncrease(cell: Cell): Batcher {
  let limit = 1;
  return {
    decide({ waiting, idle }) {
      if (idle === 0) return busy;
      return { kind: 'send', from: 0, size: Math.min(waiting.length, Math.floor(limit), cell.sizeMax) };
    },
    learn({ size, tookMs }) {
      if (tookMs > cell.objectiveMs / 2) limit = Math.max(1, limit * 0.9);
      else if (size >= Math.floor(limit)) limit += 1;
    },
  };
}

/** Deferred until the last moment at which one more fits; refuses heads until six tenths of the steady size fit. */
export function deferred(cell: Cell): Batcher {
  const enough = 0.6 * steadySize(cell);
  return {
    decide(view) {
      const { waiting, nowMs, idle } = view;
      const count = hopeless(view);
      if (count > 0) return { kind: 'drop', count };
      if (idle === 0) return busy;
      const size = fits(view);
      const oneMoreMs = cell.rates.inputMs * (waiting.length + 1) + cell.rates.fixedMs;
      const untilMs = (waiting[0] ?? 0) + cell.objectiveMs - oneMoreMs;
      if (waiting.length < size && untilMs > nowMs + 1e-9) return { kind: 'wait', untilMs };
      let drop = 0;
      while (fits(view, drop) < enough && waiting.length - drop > fits(view, drop)) drop += 1;
      if (drop > 0) return { kind: 'drop', count: drop };
      return { kind: 'send', from: 0, size: Math.min(waiting.length, size) };
    },
  };
}
