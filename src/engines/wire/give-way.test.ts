import { spawnSync } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { expect, it } from 'vitest';
import { mayGiveWay } from '../../../test/conformance/idle-time.ts';
import { giveWay } from './give-way.ts';

const helper = new URL('../../../test/conformance/idle-time.ts', import.meta.url);

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

it('gives way while something loads, and never where it could not have its priority back', async (context) => {
  const usual = getPriority();
  if (usual > 18 || !mayRise(usual)) context.skip('priorities cannot be raised here');
  const end = giveWay();
  expect(getPriority()).toBe(Math.min(19, usual + 10));
  await end();
  expect(getPriority()).toBe(usual);
});

it('has its place back where it was started to run only while nobody else wants the processor', (context) => {
  if (!mayGiveWay()) context.skip('there is no chrt here, or it may not raise a priority');
  const program = `
    import { policyOf } from ${JSON.stringify(helper.href)};
    import { giveWay } from ${JSON.stringify(new URL('give-way.ts', import.meta.url).href)};
    const before = policyOf(process.pid);
    await giveWay()();
    console.log(before, policyOf(process.pid));
  `;
  const args = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program];
  expect(spawnSync('chrt', ['-i', '0', ...args], { encoding: 'utf8' }).stdout).toBe('5 0\n');
});
