import { getPriority, setPriority } from 'node:os';
import { expect, it } from 'vitest';
import { giveWay } from './give-way.ts';

/** Whether this process may have back what it gives. */
function mayRise(usual: number): boolean {
  try {
    setPriority(usual + 1);
    setPriority(usual);
    return true;
  } catch {
    return false;
  }
}

it('gives way while something loads, and never where it could not have its priority back', (context) => {
  const usual = getPriority();
  if (usual > 18 || !mayRise(usual)) context.skip('priorities cannot be raised here');
  const end = giveWay();
  expect(getPriority()).toBe(Math.min(19, usual + 10));
  end();
  expect(getPriority()).toBe(usual);
});
