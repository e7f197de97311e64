import type { Scenario } from '#schema';
import { createHistogram, type Histogram } from '../report/histogram.ts';

/** How one request went. Times since the beginning of the run. */
interface Outcome {
  readonly arrivedMs: number;
  /** When the first token was there; undefined when none ever was. */
  readonly firstMs: number | undefined;
  readonly endedMs: number;
  readonly outputTokens: number;
  /** The problem's code; undefined when it was answered. */
  readonly code: string | undefined;
}

/** What is kept of all requests: counts and histograms, so that a long run needs no more memory than a short one. */
export interface Recorder {
  readonly ttft: Histogram;
  readonly tpot: Histogram;
  readonly latency: Histogram;
  readonly refusals: ReadonlyMap<string, number>;
  add(outcome: Outcome): void;
  counts(): { readonly requests: number; readonly inTime: number; readonly tokens: number };
}

function tpotOf({ firstMs, endedMs, outputTokens }: Outcome): number | undefined {
  return firstMs === undefined || outputTokens < 2 ? undefined : (endedMs - firstMs) / (outputTokens - 1);
}

/** Whether it was answered, and kept every objective. */
function isInTime(outcome: Outcome, objective: Scenario['objective']): boolean {
  if (outcome.code !== undefined || outcome.firstMs === undefined) return false;
  const { ttftMs = Infinity, tpotMs = Infinity, latencyMs = Infinity } = objective;
  return (
    outcome.firstMs - outcome.arrivedMs <= ttftMs &&
    outcome.endedMs - outcome.arrivedMs <= latencyMs &&
    (tpotOf(outcome) ?? 0) <= tpotMs
  );
}

/** Requests that arrived in the warm-up are left out. */
export function createRecorder({ objective, warmupS }: Scenario): Recorder {
  const [ttft, tpot, latency] = [createHistogram(), createHistogram(), createHistogram()];
  const refusals = new Map<string, number>();
  let requests = 0;
  let inTime = 0;
  let tokens = 0;

  function keep(outcome: Outcome): void {
    requests += 1;
    if (isInTime(outcome, objective)) inTime += 1;
    if (outcome.code !== undefined || outcome.firstMs === undefined) {
      const code = outcome.code ?? 'unanswered';
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
      return;
    }
    tokens += outcome.outputTokens;
    ttft.add(outcome.firstMs - outcome.arrivedMs);
    latency.add(outcome.endedMs - outcome.arrivedMs);
    const each = tpotOf(outcome);
    if (each !== undefined) tpot.add(each);
  }

  return {
    ttft,
    tpot,
    latency,
    refusals,
    add(outcome) {
      if (outcome.arrivedMs >= warmupS * 1000) keep(outcome);
    },
    counts: () => ({ requests, inTime, tokens }),
  };
}
