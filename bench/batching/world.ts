import { batchMs, type BatchRates } from '#policies';
import type { Arrivals } from './arrivals.ts';

/** One cell of the grid: what is served, how soon, by how many. */
export interface Cell {
  readonly curve: string;
  readonly rates: BatchRates;
  readonly objectiveMs: number;
  readonly places: number;
  readonly sizeMax: number;
}

/** What a batcher may look at. Changed by the world as time passes. */
export interface View {
  readonly cell: Cell;
  nowMs: number;
  /** Arrival times of those that wait, in order. */
  readonly waiting: number[];
  arrivals: number;
  idle: number;
}

type Step =
  /** Sends `size` from position `from` on. */
  | { readonly kind: 'send'; readonly from: number; readonly size: number }
  /** Refuses the first ones. */
  | { readonly kind: 'drop'; readonly count: number }
  | { readonly kind: 'wait'; readonly untilMs: number };

export interface Batcher {
  decide(view: View): Step;
  /** A batch is done; `waitedMs`: the mean time its requests waited before. */
  learn?(done: {
    readonly nowMs: number;
    readonly size: number;
    readonly tookMs: number;
    readonly waitedMs: number;
  }): void;
  /** Looks again only when it said so, not when something changes. */
  readonly polls?: boolean;
}

export interface Outcome {
  readonly inTime: number;
  readonly late: number;
  readonly refused: number;
  readonly batches: number;
}

interface Running {
  readonly endMs: number;
  readonly size: number;
  readonly startMs: number;
  readonly waitedMs: number;
}

/** A virtual machine room: replicas with the cell's curve, requests as they come, and a batcher in between. */
export function simulate(cell: Cell, batcher: Batcher, plan: { arrivals: Arrivals; perMs: number }): Outcome {
  const { arrivals, perMs } = plan;
  const view: View = { cell, nowMs: 0, waiting: [], arrivals: 0, idle: cell.places };
  const running: Running[] = [];
  const counts = { inTime: 0, late: 0, refused: 0, batches: 0 };
  let timerMs = Infinity;

  function start(from: number, size: number): void {
    const startMs = view.nowMs;
    const endMs = startMs + batchMs(cell.rates, size);
    let arrivedMs = 0;
    for (const at of view.waiting.splice(from, size)) {
      arrivedMs += at;
      if (endMs <= at + cell.objectiveMs + 1e-6) counts.inTime += 1;
      else counts.late += 1;
    }
    counts.batches += 1;
    view.idle -= 1;
    let at = running.length;
    while (at > 0 && (running[at - 1]?.endMs ?? 0) > endMs) at -= 1;
    running.splice(at, 0, { endMs, size, startMs, waitedMs: startMs - arrivedMs / size });
  }

  function finish(): void {
    const done = running.shift();
    if (done === undefined) return;
    view.idle += 1;
    const { size, startMs, endMs, waitedMs } = done;
    batcher.learn?.({ nowMs: endMs, size, tookMs: endMs - startMs, waitedMs });
  }

  /** Asks the batcher until it wants to wait. */
  function look(): void {
    timerMs = Infinity;
    while (view.waiting.length > 0) {
      const step = batcher.decide(view);
      if (step.kind === 'wait') {
        timerMs = Math.max(step.untilMs, view.nowMs + 1e-6);
        return;
      }
      if (step.kind === 'send') start(step.from, step.size);
      else {
        view.waiting.splice(0, step.count);
        counts.refused += step.count;
      }
    }
  }

  /** Lets the next thing happen; false when nothing will. */
  function advance(): boolean {
    const arrivalMs = (arrivals[view.arrivals] ?? Infinity) / perMs;
    const endMs = running[0]?.endMs ?? Infinity;
    view.nowMs = Math.min(arrivalMs, endMs, timerMs);
    if (view.nowMs === endMs) finish();
    else if (view.nowMs === arrivalMs) {
      view.arrivals += 1;
      view.waiting.push(arrivalMs);
    }
    return view.nowMs < Infinity;
  }

  while (advance()) {
    const isAsleep = batcher.polls === true && view.nowMs < timerMs && timerMs < Infinity;
    if (!isAsleep) look();
  }
  return counts;
}
