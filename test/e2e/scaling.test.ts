import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  call,
  eventually,
  makeHome,
  millrace,
  removeHome,
  replicasOf,
  repository,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

/**
 * The embedded engine under a load that rises from nothing to three times what one replica can do and goes away again.
 * Waits only for things to happen, so that it is as slow as the machine and never wrong.
 */
describe('a deployment of the embedded engine that scales', () => {
  const home = makeHome();
  let platform: RunningPlatform;

  beforeAll(async () => {
    platform = await startPlatform({ home });
    const model = { kind: 'Model', metadata: { name: 'tiny' }, spec: { task: 'chat' } };
    const version = {
      kind: 'ModelVersion',
      metadata: { name: 'tiny.1' },
      spec: { model: 'tiny', version: '1', source: `file:${repository}models/demo/demo-q8_0.gguf` },
    };
    const deployment = {
      kind: 'Deployment',
      metadata: { name: 'tiny' },
      spec: {
        model: 'tiny',
        version: '1',
        engine: { name: 'llama', options: { sequences: 2 } },
        replicas: { min: 0, max: 3 },
        scaling: { policy: 'kpa', everyMs: 500, toZeroAfterMs: 3000, shadow: { policy: 'learned' } },
        limits: { holdMs: 120_000, drainMs: 60_000 },
      },
    };
    for (const [kind, resource] of [
      ['models', model],
      ['modelversions', version],
      ['deployments', deployment],
    ] as const) {
      const { status, body } = await call(
        platform,
        `PUT /api/v1/${kind}/${resource.metadata.name}`,
        resource,
      );
      if (status >= 300) throw new Error(`It was not taken: ${JSON.stringify(body)}`);
    }
    await eventually(async () => {
      const { body } = await call(platform, 'GET /api/v1/modelversions/tiny.1');
      return body.status?.state === 'ready';
    }, 'the model version');
  }, 120_000);

  afterAll(async () => {
    await platform.stop();
    removeHome(home);
  });

  const answers: number[] = [];
  const ask = async (): Promise<void> => {
    const { status } = await call(platform, 'POST /v1/chat/completions', {
      model: 'tiny',
      messages: [{ role: 'user', content: 'Tell me a long story about a mill by the river.' }],
      max_tokens: 200,
      temperature: 0,
    });
    answers.push(status);
  };

  const ready = async (): Promise<number> =>
    (await replicasOf(platform, 'tiny')).filter(({ status }) => status?.state === 'ready').length;

  test('it has no replica while nobody asks', async () => {
    expect(await replicasOf(platform, 'tiny')).toEqual([]);
  });

  test('the first requests are held while one replica loads for all of them', async () => {
    await Promise.all([ask(), ask(), ask()]);
    expect(answers).toEqual([200, 200, 200]);
    const { body } = await call(platform, 'GET /api/v1/deployments/tiny');
    expect(body.status.coldStartMs).toBeGreaterThan(0);
  }, 120_000);

  test('under three times of what one can do there are three, and no request fails', async () => {
    const pressure = new AbortController();
    const askers = Array.from({ length: 6 }, async () => {
      while (!pressure.signal.aborted) await ask();
    });
    await eventually(async () => (await ready()) === 3, 'three replicas', 120_000);
    const told = await millrace(platform, 'scale', 'explain', 'tiny');
    expect(told.stdout).toMatch(/wanted: +3/);
    expect(told.stdout).toMatch(/policy: +kpa/);
    expect(told.stdout).toMatch(/in shadow: +learned would have \d/);
    const load = await call(platform, 'GET /api/v1/deployments/tiny/load');
    expect(load.body).toMatchObject({ ready: 3, wanted: 3, min: 0, max: 3 });
    expect(load.body['advised']).toBeGreaterThan(0);
    expect(load.body['utilisation']).toBeGreaterThan(0);
    const metrics = await (await fetch(`${platform.url}/metrics`)).text();
    expect(metrics).toContain('millrace_replicas_wanted{deployment="tiny"} 3');
    pressure.abort();
    await Promise.all(askers);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  }, 240_000);

  test('when nobody asks any more they drain and go, and the next request wakes one', async () => {
    await eventually(async () => (await replicasOf(platform, 'tiny')).length === 0, 'none', 120_000);
    await ask();
    expect(answers.at(-1)).toBe(200);
    const told = await millrace(platform, 'scale', 'explain', 'tiny');
    expect(told.stdout).toMatch(/a start takes/);
  }, 240_000);
});
