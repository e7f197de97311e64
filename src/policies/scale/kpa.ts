import type { ScaleInput } from './input.ts';
import { decided, hold, type ScalePolicy } from './policy.ts';
import { mean, withSample, type Samples } from './samples.ts';

export interface KpaOptions {
  readonly stableWindowMs: number;
  readonly panicWindowMs: number;
  /** Panic begins when the short window wants this many times of what is there. */
  readonly panicThreshold: number;
  /** Share of its places that a replica should have taken. */
  readonly target: number;
  readonly scaleUpRateMax: number;
  readonly scaleDownRateMax: number;
}

export const kpaDefaults: KpaOptions = {
  stableWindowMs: 60_000,
  panicWindowMs: 6000,
  panicThreshold: 2,
  target: 0.7,
  scaleUpRateMax: 1000,
  scaleDownRateMax: 2,
};

export interface KpaMemory {
  readonly samples: Samples;
  readonly panicSinceMs: number | undefined;
  /** The most that was wanted since panic began. */
  readonly panicMost: number;
}

/** Knative begins in panic where there is more than one replica: who has seen nothing yet gives nothing back. */
function begun({ samples, ...memory }: KpaMemory, { nowMs, wanted }: ScaleInput): KpaMemory {
  const isFirst = samples.length === 0 && wanted > 1;
  return isFirst ? { samples, panicSinceMs: nowMs, panicMost: wanted } : { samples, ...memory };
}

/**
 * Knative's autoscaler: the mean occupancy over a minute, and over six seconds when that wants twice of what is
 * there; in panic it never scales down, until a stable window has passed without.
 */
export function kpa(options: KpaOptions = kpaDefaults): ScalePolicy<KpaMemory> {
  const { stableWindowMs, panicWindowMs, panicThreshold, target } = options;

  function wantedOver(samples: Samples, sinceMs: number, ready: number): number {
    const raw = Math.ceil(mean(samples, sinceMs) / target - 1e-9);
    const most = Math.max(1, ready) * options.scaleUpRateMax;
    return Math.min(most, Math.max(raw, Math.floor(ready / options.scaleDownRateMax)));
  }

  return {
    name: 'kpa',
    begin: () => ({ samples: [], panicSinceMs: undefined, panicMost: 0 }),
    decide(input, before) {
      const { load, ready, nowMs } = input;
      if (load === undefined) return hold(input, before);
      const memory = begun(before, input);
      const samples = withSample(memory.samples, { atMs: nowMs, value: load.occupied }, stableWindowMs);
      const stable = wantedOver(samples, nowMs - stableWindowMs, ready);
      const panic = wantedOver(samples, nowMs - panicWindowMs, ready);
      const over = panic >= Math.max(1, ready) * panicThreshold;
      const since = over ? nowMs : memory.panicSinceMs;
      const panics = since !== undefined && nowMs - since < stableWindowMs;
      const panicMost = panics ? Math.max(memory.panicMost, stable, panic) : 0;
      const next = { samples, panicSinceMs: panics ? since : undefined, panicMost };
      const decision = panics ? panicMost : stable;
      return decided(decision, next, { code: panics ? 'panic' : 'stable', facts: { stable, panic } });
    },
  };
}
