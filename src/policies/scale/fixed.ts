import { decided, type ScalePolicy } from './policy.ts';

/** Always the same number. */
export function fixed(replicas: number): ScalePolicy<undefined> {
  return {
    name: 'fixed',
    begin: () => undefined,
    decide: () => decided(replicas, undefined, { code: 'fixed', facts: { replicas } }),
  };
}
