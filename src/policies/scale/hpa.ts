import { decided, hold, type ScalePolicy } from './policy.ts';
import { maximum, seenSince, withSample, type Samples } from './samples.ts';

export interface HpaOptions {
  /** `utilisation` as of CPU or GPU, which ends at 1; `load` is what comes, whether it is served or waits. */
  readonly metric: 'utilisation' | 'load';
  /** Share of its capacity that a replica should be busy. */
  readonly target: number;
  /** No change while the ratio to the target differs from 1 by less. */
  readonly tolerance: number;
  /** It scales down to the most that was recommended within this window. */
  readonly scaleDownWindowMs: number;
}

export const hpaDefaults: HpaOptions = {
  metric: 'utilisation',
  target: 0.8,
  tolerance: 0.1,
  scaleDownWindowMs: 300_000,
};

/**
 * Kubernetes' horizontal pod autoscaler: `ceil(replicas · metric ÷ target)`, not changed within the tolerance, and
 * scaled down only to the highest recommendation of the last five minutes.
 */
export function hpa(options: HpaOptions = hpaDefaults): ScalePolicy<Samples> {
  const { metric, target, tolerance, scaleDownWindowMs } = options;
  return {
    name: 'hpa',
    begin: () => [],
    decide(input, memory) {
      const { load, ready, nowMs, wanted } = input;
      const isBlind = metric === 'utilisation' && ready === 0;
      if (load === undefined || wanted === 0 || isBlind) return hold(input, memory);
      // Pods that are not ready yet count as idle ones: what was ordered before is not ordered again.
      const busy = metric === 'utilisation' ? load.utilisation * ready : load.offered;
      const ratio = busy / (wanted * target);
      const steady = Math.abs(ratio - 1) <= tolerance;
      const recommended = steady ? wanted : Math.ceil(wanted * ratio - 1e-9);
      const next = withSample(
        seenSince(memory, input),
        { atMs: nowMs, value: recommended },
        scaleDownWindowMs,
      );
      const decision = Math.max(recommended, Math.min(wanted, maximum(next)));
      const code = decision > recommended ? 'scale-down-window' : steady ? 'within-tolerance' : 'ratio';
      return decided(decision, next, { code, facts: { ratio, recommended, metric } });
    },
  };
}
