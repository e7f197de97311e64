/** How few and how many replicas there may be. */
export interface ReplicaBounds {
  readonly min: number;
  readonly max: number;
}

interface Replicated {
  readonly replicas: { readonly min: number; readonly max?: number | undefined };
  readonly scaling?: object | undefined;
}

/** A deployment that scales from zero and says no more has one replica at most. */
export function replicaBoundsOf({ replicas: { min, max }, scaling }: Replicated): ReplicaBounds {
  if (scaling === undefined) return { min, max: min };
  return { min, max: Math.max(min, max ?? Math.max(1, min)) };
}
