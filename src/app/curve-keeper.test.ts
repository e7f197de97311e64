import { describe, expect, it } from 'vitest';
import { resourceSchemas, type ModelVersion, type Replica } from '#schema';
import type { Log } from '#contracts';
import { createDirectory } from '#dispatch';
import { learn, predictMs } from '#policies';
import { createMemoryStore } from '#stores/memory';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { keepCurves } from './curve-keeper.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const actor = { name: 'tester', tenant: 'default' };

const version: ModelVersion = resourceSchemas.ModelVersion.parse({
  kind: 'ModelVersion',
  metadata: { name: 'tiny.1' },
  spec: { model: 'tiny', version: '1', source: 'none' },
  status: { state: 'ready' },
});
const replica: Replica = resourceSchemas.Replica.parse({
  kind: 'Replica',
  metadata: { name: 'r' },
  spec: { deployment: 'd', model: 'tiny', version: '1', generation: 1, engine: 'fake', substrate: 'process' },
});

describe('keeping service curves', () => {
  it('writes what was learned with the version, once it has moved, and reads it back after a restart', async () => {
    const clock = createVirtualClock();
    const store = createMemoryStore({ clock });
    await store.commit([{ verb: 'put', resource: version }], actor);
    const directory = createDirectory({ headersOf: () => [] });
    const stop = keepCurves({ curves: directory.curves, store, clock, log: silent });
    const curve = directory.curves.of(replica);
    for (let n = 1; n <= 40; n++)
      learn(curve, { inputs: 10 * n, outputs: n % 7, tookMs: 5 + n + 20 * (n % 7) });
    const read = async (): Promise<ModelVersion> =>
      resourceSchemas.ModelVersion.parse(await store.get('ModelVersion', 'tiny.1'));
    await clock.advance(31_000);
    const written = await read();
    expect(written.status?.serviceCurves).toMatchObject([{ engine: 'fake', hardware: 'local', samples: 40 }]);
    learn(curve, { inputs: 100, outputs: 3, tookMs: 75 });
    await clock.advance(31_000);
    expect((await read()).metadata.resourceVersion).toBe(written.metadata.resourceVersion);
    await stop();

    const later = createDirectory({ headersOf: () => [] });
    later.apply({ type: 'put', resource: await read() });
    expect(predictMs(later.curves.of(replica), 200, 4)).toBeCloseTo(predictMs(curve, 200, 4) ?? 0, 0);
    later.apply({ type: 'deleted', resource: version });
    expect(predictMs(later.curves.of(replica), 200, 4)).toBeUndefined();
  });
});
