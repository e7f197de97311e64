import type { Outcome, Policy, Reason } from '../policy.ts';
import type { ScaleInput } from './input.ts';

/** How many replicas there should be. */
export type ScalePolicy<Memory> = Policy<ScaleInput, Memory, number>;

/** Nothing can be measured: whatever was decided stays. */
export function hold<Memory>(input: ScaleInput, memory: Memory): Outcome<number, Memory> {
  return { decision: input.wanted, memory, reason: { code: 'no-measurements' } };
}

export function decided<Memory>(decision: number, memory: Memory, reason: Reason): Outcome<number, Memory> {
  return { decision, memory, reason };
}
