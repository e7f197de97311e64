import type { ModelVersion } from '@millrace/sdk';

export interface LineageNode {
  readonly version: ModelVersion;
  /** Versions that were made from it, oldest first. */
  readonly children: readonly LineageNode[];
}

/**
 * Versions under those they were derived from. A version whose parent is gone is a root. A ring of parents, which only
 * a change of stored resources by hand could make, hangs nowhere and is left out.
 */
export function lineageTree(versions: readonly ModelVersion[]): readonly LineageNode[] {
  const names = new Set(versions.map(({ metadata }) => metadata.name));
  const byParent = new Map<string, ModelVersion[]>();
  const roots: ModelVersion[] = [];
  const ordered = versions.toSorted((a, b) =>
    (a.metadata.createdAt ?? '').localeCompare(b.metadata.createdAt ?? ''),
  );
  for (const version of ordered) {
    const { parent } = version.spec;
    if (parent === undefined || !names.has(parent)) roots.push(version);
    else byParent.set(parent, [...(byParent.get(parent) ?? []), version]);
  }
  const grow = (version: ModelVersion): LineageNode => ({
    version,
    children: (byParent.get(version.metadata.name) ?? []).map(grow),
  });
  return roots.map(grow);
}
