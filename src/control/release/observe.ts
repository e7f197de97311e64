import { isReleaseOver, type Release } from '#schema';
import { releaseGates, releaseMemoryForm, type ReleaseMemory } from '#policies';
import type { Evidence } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { getOf, listOf } from '../records.ts';
import type { ReleaseObserved } from './judging.ts';
import { newsOf, since, type Watching } from './looks.ts';

const nothing = { requests: 0, errors: 0, refusals: 0, firstTokenMs: [], totalMs: [], answerBytes: [] };

/** Reads what both versions have done since the last look. */
function look(evidence: Evidence, { spec, status }: Release, known: Watching): ReleaseObserved['news'] {
  const { split } = status ?? {};
  if (split === undefined) return {};
  const now = {
    candidate: evidence.read(spec.deployment, split.candidate) ?? nothing,
    stable: evidence.read(spec.deployment, split.stable) ?? nothing,
  };
  // A restarted control plane goes on from what its record remembers: what was counted before is in there.
  const isFirst = known.read.candidate === undefined && status?.memory !== undefined;
  const seen = {
    candidate: since(now.candidate, known.read.candidate),
    stable: since(now.stable, known.read.stable),
  };
  known.read = now;
  return isFirst ? {} : newsOf(spec, seen);
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
      news: look(evidence, wanted, known),
      memory: memoryOf(wanted, known),
      wroteAtMs: known.wroteAtMs,
    },
  };
}
