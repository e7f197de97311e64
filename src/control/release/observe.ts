import { byGate, countedGates, isReleaseOver, valueGates, type Release } from '#schema';
import { releaseGates, releaseMemoryForm, type ReleaseMemory } from '#policies';
import type { Alike, Evidence, VersionDoings } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { getOf, listOf } from '../records.ts';
import type { ReleaseObserved } from './judging.ts';
import { newsOf, type Watching } from './looks.ts';

const nothing: VersionDoings = {
  counts: byGate(countedGates, () => ({ requests: 0, bad: 0 })),
  values: byGate(valueGates, () => []),
  alike: { copied: 0, fixed: 0, equal: 0 },
};

interface Seen {
  readonly news: ReleaseObserved['news'];
  readonly alike: Alike | undefined;
}

/** Reads what both versions have done since the last look. */
function look(evidence: Evidence, { spec, status }: Release, known: Watching): Seen {
  const { split } = status ?? {};
  if (split === undefined) return { news: {}, alike: undefined };
  const now = {
    candidate: evidence.read(spec.deployment, split.candidate) ?? nothing,
    stable: evidence.read(spec.deployment, split.stable) ?? nothing,
  };
  // What was counted before one looks is of another release, or in what the record remembers of this one.
  const isFirst = known.read.candidate === undefined;
  const news = isFirst ? {} : newsOf(spec, now, known.read);
  known.read = now;
  return { news, alike: spec.strategy === 'shadow' ? now.candidate.alike : undefined };
}

function isMemory(value: unknown): value is ReleaseMemory {
  return typeof value === 'object' && value !== null && 'form' in value && value.form === releaseMemoryForm;
}

function memoryOf({ status }: Release, known: Watching): ReleaseMemory {
  if (known.memory !== undefined) return known.memory;
  return isMemory(status?.memory) ? status.memory : releaseGates.begin();
}

/** Sorts by age, and by name where that is the same. */
function seniority({ metadata }: Release): string {
  return `${metadata.createdAt ?? ''} ${metadata.name}`;
}

/** One at a time for each deployment: who divides its requests first, then the oldest. */
function isAhead(other: Release, mine: Release): boolean {
  if (other.metadata.name === mine.metadata.name || other.spec.deployment !== mine.spec.deployment)
    return false;
  if (other.status?.split !== undefined) return true;
  return !isReleaseOver(other.status?.state ?? 'pending') && seniority(other) < seniority(mine);
}

const unobserved: ReleaseObserved = {
  deployment: undefined,
  replicas: [],
  ahead: undefined,
  news: {},
  alike: undefined,
  memory: releaseGates.begin(),
  wroteAtMs: 0,
};

export async function observeRelease(
  { store, evidence }: ControlDeps,
  name: string,
  known: Watching,
): Promise<{ readonly wanted: Release | undefined; readonly observed: ReleaseObserved }> {
  const wanted = await getOf(store, 'Release', name);
  if (wanted === undefined) return { wanted, observed: unobserved };
  const { deployment } = wanted.spec;
  const ahead = (await listOf(store, 'Release')).find((other) => isAhead(other, wanted));
  return {
    wanted,
    observed: {
      deployment: await getOf(store, 'Deployment', deployment),
      replicas: (await listOf(store, 'Replica')).filter(({ spec }) => spec.deployment === deployment),
      ahead: ahead?.metadata.name,
      ...look(evidence, wanted, known),
      memory: memoryOf(wanted, known),
      wroteAtMs: known.wroteAtMs,
    },
  };
}
