import type { WatchEvent } from '#contracts';

/** What tenants and keys weigh beside others: a view of the store, kept by its watch. */
export interface Shares {
  apply(event: WatchEvent): void;
  ofTenant(tenant: string): number;
  ofKey(key: string): number;
}

function keep(weights: Map<string, number>, { type, resource }: WatchEvent, weight: number): void {
  // Nearly everybody weighs 1: only the others are remembered.
  if (type === 'deleted' || weight === 1) weights.delete(resource.metadata.name);
  else weights.set(resource.metadata.name, weight);
}

export function createShares(): Shares {
  const tenants = new Map<string, number>();
  const keys = new Map<string, number>();
  return {
    apply(event) {
      const { resource } = event;
      if (resource.kind === 'Tenant') keep(tenants, event, resource.spec.weight);
      else if (resource.kind === 'Key') keep(keys, event, resource.spec.weight);
    },
    ofTenant: (tenant) => tenants.get(tenant) ?? 1,
    ofKey: (key) => keys.get(key) ?? 1,
  };
}
