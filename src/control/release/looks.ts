import { countedGates, type CountedGate, type GateName, type ReleaseSpec } from '#schema';
import type { Doings, GateTerms, Measure, Pair, ReleaseMemory } from '#policies';
import type { VersionDoings } from '#contracts';

/** What each gate compares, in words. */
export const gateNouns: Readonly<Record<GateName, string>> = {
  errors: 'errors',
  refusals: 'refusals',
  empty: 'empty or refusing answers',
  feedback: 'bad ratings',
  firstToken: 'milliseconds to the first token',
  total: 'milliseconds to the whole answer',
  tpot: 'microseconds for each further token',
  answerBytes: 'bytes of the answer',
  repetition: 'thousandths of the answer that repeat it',
  confidence: 'hundredths of perplexity',
  cost: 'millionths of cost',
  scorer: 'thousandths below the best score',
};

const counted: ReadonlySet<string> = new Set(countedGates);
function isCounted(name: GateName): name is CountedGate {
  return counted.has(name);
}

/** Of values greater is worse; only of lengths both longer and shorter. */
function measureOf(name: GateName): Measure {
  if (isCounted(name)) return 'bad-events';
  return name === 'answerBytes' ? 'different' : 'greater';
}

export function gateTerms({ gates }: ReleaseSpec): readonly GateTerms[] {
  return gates.map((gate) => ({ ...gate, measure: measureOf(gate.name) }));
}

function fresh(now: readonly number[], before: readonly number[]): readonly number[] {
  return now.map((count, bucket) => count - (before[bucket] ?? 0));
}

/** What was counted between two readings, of one gate. */
function gateSince(name: GateName, now: VersionDoings, before: VersionDoings | undefined): Doings {
  if (isCounted(name)) {
    const [{ requests, bad }, then] = [now.counts[name], before?.counts[name]];
    return { requests: requests - (then?.requests ?? 0), bad: bad - (then?.bad ?? 0), buckets: [] };
  }
  const buckets = fresh(now.values[name], before?.values[name] ?? []);
  return { requests: total(buckets), bad: 0, buckets };
}

function total(buckets: readonly number[]): number {
  return buckets.reduce((sum, count) => sum + count, 0);
}

/** Where the counting began anew in between, all of the second reading is new. */
function baseOf(now: VersionDoings, before: VersionDoings | undefined): VersionDoings | undefined {
  if (before === undefined) return undefined;
  return before.counts.errors.requests > now.counts.errors.requests ? undefined : before;
}

/** What the gates of a release are told of one look: what has come since the last readings. */
export function newsOf(
  { gates }: ReleaseSpec,
  now: Pair<VersionDoings>,
  before: Partial<Pair<VersionDoings>>,
): Readonly<Record<string, Pair<Doings>>> {
  const base = {
    candidate: baseOf(now.candidate, before.candidate),
    stable: baseOf(now.stable, before.stable),
  };
  return Object.fromEntries(
    gates.map(({ name }) => [
      name,
      {
        candidate: gateSince(name, now.candidate, base.candidate),
        stable: gateSince(name, now.stable, base.stable),
      },
    ]),
  );
}

/** What this process knows of a release beyond its record. */
export interface Watching {
  /** The last readings. */
  read: Partial<Pair<VersionDoings>>;
  memory: ReleaseMemory | undefined;
  wroteAtMs: number;
}
