import type { WatchEvent } from '#contracts';

/** What clients may call things besides their own names: a view of Aliases and Tenants, kept by the store's watch. */
export interface Names {
  apply(event: WatchEvent): void;
  /** The name a tenant means when it asks for one: another where its own `spec.models` says so. */
  meant(model: string, tenant: string | undefined): string;
  /** The deployment behind an alias. */
  deploymentOf(alias: string): string | undefined;
  /** Every alias, and every name that is a tenant's alone. */
  known(tenant: string | undefined): readonly string[];
}

export function createNames(): Names {
  const aliases = new Map<string, string>();
  /** Of the few tenants that have any: by tenant. */
  const own = new Map<string, ReadonlyMap<string, string>>();
  return {
    apply({ type, resource }) {
      const { name } = resource.metadata;
      if (resource.kind === 'Alias')
        if (type === 'deleted') aliases.delete(name);
        else aliases.set(name, resource.spec.deployment);
      if (resource.kind !== 'Tenant') return;
      const models = Object.entries(resource.spec.models ?? {});
      if (type === 'deleted' || models.length === 0) own.delete(name);
      else own.set(name, new Map(models));
    },
    meant(model, tenant) {
      if (own.size === 0 || tenant === undefined) return model;
      return own.get(tenant)?.get(model) ?? model;
    },
    deploymentOf: (alias) => aliases.get(alias),
    known: (tenant) => [...aliases.keys(), ...(own.get(tenant ?? '')?.keys() ?? [])],
  };
}
