import { decided, hold, type ScalePolicy } from './policy.ts';
import { maximum, seenSince, withSample, type Samples } from './samples.ts';

export interface LatencyOptions {
  readonly targetMs: number;
  /** It scales down to the most that was recommended within this window. */
  readonly scaleDownWindowMs: number;
}

/** One decision at most doubles the fleet: latency says that there is too much to do, but not how much. */
const growthMax = 2;
/** Below this share of the target one replica can go. */
const calm = 0.5;

/** A threshold on latency: more in proportion when answers begin too late, one less when they begin in half the time. */
export function latency(options: LatencyOptions): ScalePolicy<Samples> {
  const { targetMs, scaleDownWindowMs } = options;
  return {
    name: 'latency',
    begin: () => [],
    decide(input, memory) {
      const { load, ready, nowMs, wanted } = input;
      if (load === undefined || (ready === 0 && wanted > 0)) return hold(input, memory);
      // Nothing has begun though somebody waits for it: that is no calm, it is nothing that could be measured.
      if (load.latencyMs === undefined && load.occupied > 0) return hold(input, memory);
      const ratio = load.latencyMs === undefined ? 0 : load.latencyMs / targetMs;
      const more = Math.ceil(Math.max(1, ready) * Math.min(growthMax, ratio));
      const recommended = ratio > 1 ? more : ratio < calm ? ready - 1 : ready;
      const next = withSample(
        seenSince(memory, input),
        { atMs: nowMs, value: recommended },
        scaleDownWindowMs,
      );
      const decision = Math.max(0, recommended, Math.min(wanted, maximum(next)));
      return decided(decision, next, { code: ratio > 1 ? 'late' : 'in-time', facts: { ratio, recommended } });
    },
  };
}
