import { expect, test } from 'vitest';
import { resourceSchemas } from '#schema';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { deploymentOf } from '../../../test/world/control-world.ts';
import { noLoad } from '../../../test/world/no-load.ts';
import { quietLog } from '../../../test/world/quiet-log.ts';
import { createScalers } from './scalers.ts';

const replica = resourceSchemas.Replica.parse({
  kind: 'Replica',
  metadata: { name: 'chat-1' },
  spec: {
    deployment: 'chat',
    model: 'demo',
    version: '1',
    generation: 1,
    engine: 'scripted',
    substrate: 'fake',
  },
  status: { state: 'ready', since: '2026-01-01T00:00:00.000Z' },
});

test.each(['hpa', 'kpa', 'predictive'])(
  'when the date is set back, %s does not wait for the time that it remembers',
  async (policy) => {
    const year = 365 * 86_400_000;
    const time = createVirtualClock();
    let wrongMs = 4 * year;
    const clock = { ...time, nowMs: () => time.nowMs() + wrongMs };
    const loads = { read: () => noLoad, onStarved: () => () => undefined };
    const scalers = createScalers({ clock, loads, log: quietLog });
    const scaling = {
      policy,
      scaleDownMs: 60_000,
      everyMs: 10_000,
      toZeroAfterMs: 60_000,
      cooldownMs: 20_000,
    };
    const deployment = deploymentOf('chat', { scaling, replicas: { min: 0, max: 4 } });
    const look = async (times: number): Promise<number | undefined> => {
      let wanted: number | undefined;
      for (let at = 0; at < times; at++) {
        wanted = scalers.look(deployment, [replica])?.status.replicas;
        await time.advance(10_000);
      }
      return wanted;
    };
    expect(await look(5)).toBe(1);
    wrongMs = 0;
    expect(await look(5)).toBe(1);
    expect(await look(10)).toBe(0);
  },
);
