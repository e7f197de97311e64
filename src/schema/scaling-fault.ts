import type { ScalingSpec } from './scaling.ts';

/** What of a scaling cannot be, or can never come true. */
export interface ScalingFault {
  /** The field, from the resource that has `scaling` and `replicas`. */
  readonly path: readonly [string, ...(string | number)[]];
  /** What is wrong with it, to be read after its name. */
  readonly message: string;
}

/** Times that are never in force, and minimums that nothing can reach. */
function scheduleFault({ schedule }: ScalingSpec, replicasMax: number): ScalingFault | undefined {
  for (const [at, { from, to, min }] of schedule.entries()) {
    const path = ['scaling', 'schedule', at] as const;
    if (from === to)
      return { path: [...path, 'to'], message: 'is when it begins: two entries make a whole day' };
    if (min > replicasMax)
      return { path: [...path, 'min'], message: `is more than "replicas.max", ${replicasMax}` };
  }
  return undefined;
}

/** A band upside down would add a replica and take it away again for ever. */
function bandFault({ policy, shadow, upAt, downAt }: ScalingSpec): ScalingFault | undefined {
  const isBand = policy === 'band' || shadow?.policy === 'band';
  if (!isBand || downAt < upAt) return undefined;
  return { path: ['scaling', 'downAt'], message: 'must be smaller than "scaling.upAt"' };
}

export function scalingFault(scaling: ScalingSpec, replicasMax: number): ScalingFault | undefined {
  return scheduleFault(scaling, replicasMax) ?? bandFault(scaling);
}
