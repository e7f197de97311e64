import { firstGapMs, weightOf } from '../forecast/forecaster.ts';
import { ledHeadroom } from './led-headroom.ts';
import { learnedFor, type LearnedWeights } from './learned-weights.ts';
import { decided, hold, type ScalePolicy } from './policy.ts';

export interface LearnedOptions {
  readonly attainment: number;
  /** Instead of what was found by search for this cold start. */
  readonly weights?: LearnedWeights | undefined;
  /** Times what the weights say; led by what was late, unless it does not follow. */
  readonly headroom?: number | undefined;
  readonly gain?: number | undefined;
}

/** Spans of the means that it looks at, the slowest last. */
const spansMs = [60_000, 300_000, 1_800_000] as const;
const spreadMs = 1_800_000;

export interface LearnedMemory {
  readonly atMs: number | undefined;
  readonly sinceMs: number | undefined;
  readonly means: readonly number[];
  /** How far the load is off its mean of a minute, on average, as a share of it. */
  readonly spread: number;
  readonly headroom: number | undefined;
}

function dot(weights: readonly number[], facts: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (facts[at] ?? 0), 0);
}

function relative(value: number, base: number): number {
  return base <= 0 ? 0 : value / base - 1;
}

function see(memory: LearnedMemory, offered: number, nowMs: number) {
  const gapMs = memory.atMs === undefined ? firstGapMs : nowMs - memory.atMs;
  const means = spansMs.map((spanMs, at) => {
    const mean = memory.means[at] ?? offered;
    return mean + weightOf(gapMs, spanMs) * (offered - mean);
  });
  const [minute = 0, some = 0, slow = 0] = means;
  const off = Math.min(1, Math.abs(relative(offered, minute)));
  const spread = memory.spread + weightOf(gapMs, spreadMs) * (off - memory.spread);
  const small = 1 / Math.sqrt(Math.max(1, slow));
  const facts = [1, relative(offered, slow), relative(minute, slow), relative(some, slow), spread, small];
  return { means, spread, slow, facts };
}

/**
 * Weights that a search in the fluid model has found, of the last moment and of means over a minute, five and thirty:
 * what is needed at least, and what is not given back. It knows nothing that they do not.
 */
export function learned(options: LearnedOptions): ScalePolicy<LearnedMemory> {
  const { attainment, gain } = options;
  return {
    name: 'learned',
    begin: () => ({ atMs: undefined, sinceMs: undefined, means: [], spread: 0.03, headroom: undefined }),
    decide(input, memory) {
      const { load, nowMs, wanted, ready, coldStartMs } = input;
      if (load === undefined) return hold(input, memory);
      const weights = options.weights ?? learnedFor(coldStartMs);
      const due = ready === 0 ? undefined : load.due;
      const headroom = ledHeadroom(memory.headroom ?? options.headroom ?? 1, { due, gain, attainment });
      const { means, spread, slow, facts } = see(memory, load.offered, nowMs);
      const backlog = load.backlog / (weights.drainMs / 1000);
      const count = (share: number): number => Math.max(0, Math.ceil(slow * share * headroom + backlog));
      const least = count(dot(weights.least, facts));
      const sinceMs = memory.sinceMs ?? nowMs;
      // Means that have seen nothing yet are no reason to give something back.
      const most = nowMs - sinceMs < spansMs[1] ? wanted : count(dot(weights.most, facts));
      const decision = Math.max(least, Math.min(wanted, most));
      const code = decision > wanted ? 'more-needed' : decision < wanted ? 'less-needed' : 'enough';
      const said = { offered: load.offered, slowMean: slow, spread, headroom, least, most };
      return decided(
        decision,
        { atMs: nowMs, sinceMs, means, spread, headroom },
        { code, facts: { ...said, backlog } },
      );
    },
  };
}
