import { replicasWanted } from './urls.ts';

interface Scaled {
  readonly spec: Parameters<typeof replicasWanted>[0] & { readonly scaling?: object | undefined };
  readonly status?: { readonly scaling?: { readonly replicas: number } | undefined } | undefined;
}

/** How many replicas there should be: as its scaling policy decided, where there is one. */
export function wantedReplicasOf({ spec, status }: Scaled): number {
  return (spec.scaling && status?.scaling?.replicas) ?? replicasWanted(spec);
}
