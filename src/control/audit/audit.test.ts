import { expect, it } from 'vitest';
import { createControlWorld, deploymentOf } from '../../../test/world/control-world.ts';
import { createControl } from '../index.ts';

const hourMs = 3_600_000;

it('the audit log is kept for as long as is wanted, and what still stands longer', async () => {
  const world = createControlWorld();
  const control = createControl({ ...world.deps, auditKeepMs: 5 * hourMs });
  await control.start();
  await world.put(deploymentOf('chat'));
  await world.clock.advance(hourMs);
  await world.put(deploymentOf('chat', { replicas: { min: 0 } }));
  const told = async () => (await world.store.audit({ limit: 10 })).map(({ verb }) => verb);
  await world.clock.advance(3 * hourMs);
  expect(await told()).toEqual(['update', 'create']);
  await world.clock.advance(4 * hourMs);
  expect(await told()).toEqual(['update']);
  await control.stop();
});
