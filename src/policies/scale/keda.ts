import { hasWork } from './has-work.ts';
import { hpa, hpaDefaults, type HpaOptions } from './hpa.ts';
import { decided, hold, type ScalePolicy } from './policy.ts';
import type { Samples } from './samples.ts';

export interface KedaOptions extends Omit<HpaOptions, 'metric'> {
  /** Back to zero after so long without work. */
  readonly cooldownMs: number;
}

export const kedaDefaults: KedaOptions = { ...hpaDefaults, cooldownMs: 300_000 };

export interface KedaMemory {
  readonly samples: Samples;
  readonly activeAtMs: number | undefined;
}

/** KEDA: work wakes it from zero, an autoscaler on the load drives it above one, a quiet while puts it back to zero. */
export function keda(options: KedaOptions = kedaDefaults): ScalePolicy<KedaMemory> {
  const inner = hpa({ ...options, metric: 'load' });
  return {
    name: 'keda',
    begin: () => ({ samples: inner.begin(), activeAtMs: undefined }),
    decide(input, memory) {
      const { load, nowMs, wanted } = input;
      if (load === undefined) return hold(input, memory);
      const active = hasWork(load);
      // The first look counts as work: what was before it nobody has seen.
      const activeAtMs = active ? nowMs : (memory.activeAtMs ?? nowMs);
      const quietMs = nowMs - activeAtMs;
      if (!active && quietMs >= options.cooldownMs)
        return decided(0, { samples: memory.samples, activeAtMs }, { code: 'quiet' });
      if (wanted === 0) return decided(active ? 1 : 0, { ...memory, activeAtMs }, { code: 'activated' });
      const { decision, memory: samples, reason } = inner.decide(input, memory.samples);
      return decided(Math.max(1, decision), { samples, activeAtMs }, reason);
    },
  };
}
