import type { ScaleInput } from './input.ts';

/** Values with their moments, oldest first, within a span: bounded by what is asked of it. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}
export type Samples = readonly Sample[];

/** A sample more, and those that are too old for `spanMs` less. At most one sample for each decision is kept. */
export function withSample(samples: Samples, sample: Sample, spanMs: number): Samples {
  const from = samples.findIndex(({ atMs }) => atMs > sample.atMs - spanMs);
  return from === -1 ? [sample] : [...samples.slice(from), sample];
}

/** What is wanted at the first look counts as asked for then: who has seen nothing yet gives nothing back. */
export function seenSince(
  samples: Samples,
  { nowMs, wanted }: Pick<ScaleInput, 'nowMs' | 'wanted'>,
): Samples {
  return samples.length === 0 ? [{ atMs: nowMs, value: wanted }] : samples;
}

export function maximum(samples: Samples, sinceMs = -Infinity): number {
  let most = 0;
  for (let at = samples.length - 1; at >= 0; at--) {
    const sample = samples[at];
    if (sample === undefined || sample.atMs <= sinceMs) break;
    most = Math.max(most, sample.value);
  }
  return most;
}

export function mean(samples: Samples, sinceMs = -Infinity): number {
  let sum = 0;
  let count = 0;
  for (let at = samples.length - 1; at >= 0; at--) {
    const sample = samples[at];
    if (sample === undefined || sample.atMs <= sinceMs) break;
    sum += sample.value;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}
