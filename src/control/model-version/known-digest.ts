import type { ModelVersion } from '#schema';

/**
 * The digest the file of a version must have, where it is known: from its spec, or from what was here before. A
 * version that failed and whose spec was changed since then starts anew.
 */
export function knownDigest({ spec, status, metadata }: ModelVersion): string | undefined {
  const isCurrent = status?.state === 'ready' || status?.observedGeneration === metadata.generation;
  return spec.digest ?? (isCurrent ? status?.digest : undefined);
}
