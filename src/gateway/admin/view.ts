import type { Store } from '#contracts';
import type { Resource, ResourceKind } from '#schema';

type Of<K extends ResourceKind> = Extract<Resource, { readonly kind: K }>;

/** The store as it would be after changes that are being considered. */
export interface View {
  get<K extends ResourceKind>(kind: K, name: string): Promise<Of<K> | undefined>;
  list<K extends ResourceKind>(kind: K): Promise<readonly Of<K>[]>;
  put(resource: Resource): void;
  remove(kind: ResourceKind, name: string): void;
}

function isOf<K extends ResourceKind>(kind: K, resource: Resource | undefined): resource is Of<K> {
  return resource?.kind === kind;
}

export function createView(store: Pick<Store, 'get' | 'list'>): View {
  /** By `kind/name`; `undefined` for what would be gone. */
  const changed = new Map<string, Resource | undefined>();
  return {
    get: async (kind, name) => {
      const id = `${kind}/${name}`;
      const found = changed.has(id) ? changed.get(id) : await store.get(kind, name);
      return isOf(kind, found) ? found : undefined;
    },
    list: async (kind) => {
      const byName = new Map((await store.list(kind)).map((resource) => [resource.metadata.name, resource]));
      for (const [id, resource] of changed) {
        const [changedKind, name] = [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)];
        if (changedKind !== kind) continue;
        if (resource === undefined) byName.delete(name);
        else byName.set(name, resource);
      }
      return [...byName.values()].filter((resource) => isOf(kind, resource));
    },
    put: (resource) => {
      changed.set(`${resource.kind}/${resource.metadata.name}`, resource);
    },
    remove: (kind, name) => {
      changed.set(`${kind}/${name}`, undefined);
    },
  };
}
