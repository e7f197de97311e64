import type { Owner } from '#policies';
import type { Ask } from './ask.ts';
import type { Shares } from './shares.ts';

/** Whose a request is in the fair order. */
export function ownerOf(shares: Shares, { priority, tenant, key }: Ask): Owner {
  return { priority, tenant, key, tenantWeight: shares.ofTenant(tenant), keyWeight: shares.ofKey(key) };
}
