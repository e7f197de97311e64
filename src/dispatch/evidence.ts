import { bucketCount, bucketOf } from '#policies';
import type { Evidence, VersionDoings } from '#contracts';

/** What the requests of one version of a deployment came to; only counted while versions are compared. */
export interface Counters extends VersionDoings {
  requests: number;
  errors: number;
  refusals: number;
  readonly firstTokenMs: number[];
  readonly totalMs: number[];
  readonly answerBytes: number[];
}

/** One request that a replica has worked on. Durations from its sending. */
export interface Doing {
  readonly status: number;
  /** Answered to its end. */
  readonly isWhole: boolean;
  readonly firstByteMs: number | undefined;
  /** Undefined where the client, and not the replica, took the time. */
  readonly totalMs: number | undefined;
  readonly answerBytes: number;
}

function emptyBuckets(): number[] {
  return Array.from({ length: bucketCount }, () => 0);
}

function createCounters(): Counters {
  return {
    requests: 0,
    errors: 0,
    refusals: 0,
    firstTokenMs: emptyBuckets(),
    totalMs: emptyBuckets(),
    answerBytes: emptyBuckets(),
  };
}

function countInto(buckets: number[], value: number): void {
  const bucket = bucketOf(value);
  buckets[bucket] = (buckets[bucket] ?? 0) + 1;
}

const clientLeft = 499;

/** Takes a request in. One whose client went away says nothing of the version. */
export function countDoing(counters: Counters, doing: Doing): void {
  const { status, isWhole, firstByteMs, totalMs, answerBytes } = doing;
  if (status === clientLeft) return;
  counters.requests += 1;
  if (status >= 400 && status < clientLeft) counters.refusals += 1;
  else if (status >= 500 || !isWhole) counters.errors += 1;
  else {
    countInto(counters.answerBytes, answerBytes);
    if (firstByteMs !== undefined) countInto(counters.firstTokenMs, firstByteMs);
    if (totalMs !== undefined) countInto(counters.totalMs, totalMs);
  }
}

/** The counters of all versions that are being compared. */
export interface EvidenceBook extends Evidence {
  of(deployment: string, template: string): Counters;
  /** Everything that is counted. */
  subjects(): readonly { readonly deployment: string; readonly template: string }[];
  /** Nothing of this deployment is compared any more. */
  forget(deployment: string): void;
}

export function createEvidenceBook(): EvidenceBook {
  const book = new Map<string, Map<string, Counters>>();
  return {
    of(deployment, template) {
      const versions = book.get(deployment) ?? new Map<string, Counters>();
      book.set(deployment, versions);
      const counters = versions.get(template) ?? createCounters();
      versions.set(template, counters);
      return counters;
    },
    subjects: () =>
      [...book].flatMap(([deployment, versions]) =>
        [...versions.keys()].map((template) => ({ deployment, template })),
      ),
    forget: (deployment) => void book.delete(deployment),
    read(deployment, template) {
      const counters = book.get(deployment)?.get(template);
      if (counters === undefined) return undefined;
      const { firstTokenMs, totalMs, answerBytes } = counters;
      // Copies: what was read must not change with what comes next.
      return {
        ...counters,
        firstTokenMs: [...firstTokenMs],
        totalMs: [...totalMs],
        answerBytes: [...answerBytes],
      };
    },
  };
}
