import type { GateName, ReleaseSpec } from '#schema';
import type { Doings, GateTerms, Measure, Pair, ReleaseMemory } from '#policies';
import type { VersionDoings } from '#contracts';

const measures: Readonly<Record<GateName, Measure>> = {
  errors: 'bad-events',
  refusals: 'bad-events',
  firstToken: 'greater',
  total: 'greater',
  answerBytes: 'different',
};

/** What each gate compares, in words. */
export const gateNouns: Readonly<Record<GateName, string>> = {
  errors: 'errors',
  refusals: 'refusals',
  firstToken: 'milliseconds to the first token',
  total: 'milliseconds to the whole answer',
  answerBytes: 'bytes of the answer',
};

export function gateTerms({ gates }: ReleaseSpec): readonly GateTerms[] {
  return gates.map((gate) => ({ ...gate, measure: measures[gate.name] }));
}

function fresh(now: readonly number[], before: readonly number[]): readonly number[] {
  return now.map((count, bucket) => count - (before[bucket] ?? 0));
}

/** What was counted between two readings; all of the second where the counting began anew in between. */
export function since(now: VersionDoings, before: VersionDoings | undefined): VersionDoings {
  if (before === undefined || before.requests > now.requests) return now;
  return {
    requests: now.requests - before.requests,
    errors: now.errors - before.errors,
    refusals: now.refusals - before.refusals,
    firstTokenMs: fresh(now.firstTokenMs, before.firstTokenMs),
    totalMs: fresh(now.totalMs, before.totalMs),
    answerBytes: fresh(now.answerBytes, before.answerBytes),
  };
}

function total(buckets: readonly number[]): number {
  return buckets.reduce((sum, count) => sum + count, 0);
}

function doingsOf(name: GateName, seen: VersionDoings): Doings {
  if (name === 'errors' || name === 'refusals')
    return { requests: seen.requests, bad: seen[name], buckets: [] };
  const buckets = { firstToken: seen.firstTokenMs, total: seen.totalMs, answerBytes: seen.answerBytes }[name];
  return { requests: total(buckets), bad: 0, buckets };
}

/** What the gates of a release are told of one look. */
export function newsOf(
  { gates }: ReleaseSpec,
  { candidate, stable }: Pair<VersionDoings>,
): Readonly<Record<string, Pair<Doings>>> {
  return Object.fromEntries(
    gates.map(({ name }) => [name, { candidate: doingsOf(name, candidate), stable: doingsOf(name, stable) }]),
  );
}

/** What this process knows of a release beyond its record. */
export interface Watching {
  /** The last readings. */
  read: Partial<Pair<VersionDoings>>;
  memory: ReleaseMemory | undefined;
  wroteAtMs: number;
}
