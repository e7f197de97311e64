import type { Scenario } from '#schema';
import type { Recorder } from '../world/recorder.ts';
import type { TimelinePoint } from '../world/timeline.ts';
import type { Histogram } from './histogram.ts';

export interface Spread {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** What a run came to. Durations in milliseconds; everything after the warm-up. */
export interface Summary {
  readonly requests: number;
  readonly answered: number;
  /** By the problem's code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Inside when the run was given up; 0 unless the fleet could never answer. */
  readonly unfinished: number;
  /** Share of the requests that kept every objective, 0 to 1; NaN when nobody came. */
  readonly attained: number;
  readonly ttftMs: Spread;
  readonly tpotMs: Spread;
  readonly latencyMs: Spread;
  /** Requests in time per second. */
  readonly goodputPerS: number;
  readonly tokensPerS: number;
  readonly waitingMax: number;
  readonly waitingMean: number;
  readonly replicasMean: number;
  readonly replicasMax: number;
  readonly replicaHours: number;
  readonly cost: number;
  /** Starts and stops. */
  readonly changes: number;
  /** Computing share of the paid time, 0 to 1. */
  readonly utilisation: number;
}

interface SummaryInput {
  readonly scenario: Scenario;
  readonly recorder: Recorder;
  readonly used: { readonly paidMs: number; readonly busyMs: number; readonly changes: number };
  readonly timeline: readonly TimelinePoint[];
  readonly unfinished: number;
}

function spreadOf(histogram: Histogram): Spread {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => histogram.quantile(q));
  return { mean: histogram.mean(), p50: p50 ?? NaN, p90: p90 ?? NaN, p99: p99 ?? NaN };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

export function summaryOf({ scenario, recorder, used, timeline, unfinished }: SummaryInput): Summary {
  const seconds = scenario.durationS - scenario.warmupS;
  const { requests, inTime, tokens } = recorder.counts();
  const seen = timeline.filter(({ atS }) => atS > scenario.warmupS);
  const waiting = seen.map((point) => point.waiting);
  const replicaHours = used.paidMs / 3_600_000;
  return {
    requests: requests + unfinished,
    answered: recorder.latency.count(),
    refused: Object.fromEntries([...recorder.refusals].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    unfinished,
    attained: inTime / (requests + unfinished),
    ttftMs: spreadOf(recorder.ttft),
    tpotMs: spreadOf(recorder.tpot),
    latencyMs: spreadOf(recorder.latency),
    goodputPerS: inTime / seconds,
    tokensPerS: tokens / seconds,
    waitingMax: Math.max(0, ...waiting),
    waitingMean: meanOf(waiting),
    replicasMean: (replicaHours * 3600) / seconds,
    replicasMax: Math.max(0, ...seen.map((point) => point.paid)),
    replicaHours,
    cost: replicaHours * scenario.replicaPricePerH,
    changes: used.changes,
    utilisation: used.paidMs === 0 ? 0 : used.busyMs / used.paidMs,
  };
}
