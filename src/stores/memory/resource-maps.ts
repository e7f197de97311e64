import type { WatchEvent } from '#contracts';
import type { Resource, ResourceKind } from '#schema';

interface ResourceMaps {
  readonly find: (kind: ResourceKind, name: string) => Resource | undefined;
  /** Ordered by name. */
  readonly list: (kind: ResourceKind) => readonly Resource[];
  readonly apply: (event: WatchEvent) => void;
}

/** What is stored now: a map of names for each kind. */
export function createResourceMaps(): ResourceMaps {
  const maps = new Map<ResourceKind, Map<string, Resource>>();

  function mapOf(kind: ResourceKind): Map<string, Resource> {
    const known = maps.get(kind);
    if (known) return known;
    const fresh = new Map<string, Resource>();
    maps.set(kind, fresh);
    return fresh;
  }

  return {
    find: (kind, name) => maps.get(kind)?.get(name),
    list: (kind) => [...mapOf(kind).values()].toSorted(byName),
    apply({ type, resource }) {
      const { name } = resource.metadata;
      if (type === 'put') mapOf(resource.kind).set(name, resource);
      else mapOf(resource.kind).delete(name);
    },
  };
}

function byName(left: Resource, right: Resource): number {
  return left.metadata.name < right.metadata.name ? -1 : 1;
}
