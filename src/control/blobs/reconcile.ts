import type { ModelVersion } from '#schema';
import type { Again } from '../loop.ts';

export interface BlobsObserved {
  /** Digests of all blobs that are here. */
  readonly present: readonly string[];
  /** Since when each was seen without a name, on the monotonic clock. */
  readonly unnamedSinceMs: ReadonlyMap<string, number>;
  /** The monotonic clock: the wall clock may be put forward by more than a grace. */
  readonly monotonicMs: number;
}

export type BlobAction =
  /** From now on it counts as unnamed, or no longer. */
  | { readonly kind: 'note' | 'forget'; readonly digest: string }
  | { readonly kind: 'delete'; readonly digest: string };

/** A file is pushed first and named by a version afterwards: it may lie here for so long without one. */
export const unnamedGraceMs = 60 * 60_000;

/** The files that versions speak of. One that was refused for good after its pull is of no use to its version. */
export function namedBy(versions: readonly ModelVersion[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { spec, status } of versions) {
    if (spec.digest !== undefined) named.add(spec.digest);
    const refused = status?.state === 'failed' && status.nextTryAt === undefined;
    if (status?.digest !== undefined && !refused) named.add(status.digest);
  }
  return named;
}

/** `undefined` for the names: some version cannot be read, and nobody knows what it names. Then nothing goes. */
export type Named = ReadonlySet<string> | undefined;

/** A blob goes when no version names it and none did when it was looked at before, a grace ago at least. */
export function reconcileBlobs(
  named: Named,
  { present, unnamedSinceMs, monotonicMs }: BlobsObserved,
): readonly (BlobAction | Again)[] {
  if (named === undefined) return [];
  const unnamed = new Set(present.filter((digest) => !named.has(digest)));
  const actions: (BlobAction | Again)[] = [];
  for (const digest of unnamedSinceMs.keys())
    if (!unnamed.has(digest)) actions.push({ kind: 'forget', digest });
  for (const digest of unnamed) {
    const sinceMs = unnamedSinceMs.get(digest);
    const leftMs = (sinceMs ?? monotonicMs) + unnamedGraceMs - monotonicMs;
    if (sinceMs === undefined) actions.push({ kind: 'note', digest });
    actions.push(leftMs > 0 ? { kind: 'again', afterMs: leftMs } : { kind: 'delete', digest });
  }
  return actions;
}
