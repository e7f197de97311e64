import { afterEach, describe, expect, it } from 'vitest';
import { resourceSchemas } from '#schema';
import { type MendingCount, type Meters, silentMeters } from '#contracts';
import { createDirectory, createDispatch } from '#dispatch';
import { createHttpTransport } from '#transports';
import { runPlan, type RunningPlan } from '../conformance/run-plan.ts';
import { systemClock } from '../conformance/system-clock.ts';
import { workerLife, workerPlan } from '../conformance/worker.ts';
import { createSeededRng } from '../world/seeded-rng.ts';

const running: RunningPlan[] = [];

afterEach(async () => {
  for (const plan of running.splice(0)) await plan.close();
});

async function start(options: Readonly<Record<string, unknown>>): Promise<RunningPlan> {
  const plan = await runPlan(workerPlan(options));
  running.push(plan);
  for (;;) {
    const life = await workerLife(plan.endpoint);
    if (life.ok && life.value.state === 'ready') return plan;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Dispatch, the HTTP transport and real replicas: one for each set of options. */
async function createFleet(resilience: object, replicas: Readonly<Record<string, object>>) {
  let readMending: (() => readonly MendingCount[]) | undefined;
  const statuses: number[] = [];
  const meters: Meters = {
    ...silentMeters,
    requestFinished: ({ status }) => statuses.push(status),
    observeMending: (read) => {
      readMending = read;
    },
  };
  const directory = createDirectory({ headersOf: () => [] });
  const transport = createHttpTransport(systemClock);
  const dispatch = createDispatch({
    directory,
    transport,
    clock: systemClock,
    meters,
    rng: createSeededRng(),
  });
  const spec = { model: 'tiny', version: '1' };
  directory.apply({
    type: 'put',
    resource: resourceSchemas.Deployment.parse({
      kind: 'Deployment',
      metadata: { name: 'chat' },
      spec: { ...spec, resilience },
    }),
  });
  for (const [name, options] of Object.entries(replicas)) {
    const { endpoint } = await start({ ...options });
    directory.apply({
      type: 'put',
      resource: resourceSchemas.Replica.parse({
        kind: 'Replica',
        metadata: { name },
        spec: { ...spec, deployment: 'chat', generation: 1, engine: 'fake', substrate: 'process' },
        status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint, concurrency: 8 },
      }),
    });
  }
  const text = JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'hello' }] });
  const body = Buffer.from(text);
  const ask = (): Promise<number> =>
    new Promise((resolve) => {
      let status = 0;
      dispatch.submit(
        {
          requestId: 'r',
          tenant: 'default',
          key: 'k',
          priority: 'standard',
          session: undefined,
          model: 'chat',
          endpoint: '/v1/chat/completions',
          body,
          modelFrom: -1,
          modelTo: -1,
          promptFrom: -1,
          promptTo: -1,
          stream: false,
          maxTokens: 4,
          answers: 1,
          headers: ['content-type', 'application/json'],
          deadlineMs: undefined,
        },
        {
          started: (head) => {
            ({ status } = head);
          },
          received: () => true,
          ended: () => {
            resolve(status);
          },
          failed: () => {
            resolve(0);
          },
        },
      );
    });
  return {
    ask,
    statuses,
    counts: () => Object.fromEntries((readMending?.() ?? []).map(({ reason, count }) => [reason, count])),
    close: () => transport.close(),
  };
}

describe('a fleet of which one replica fails, is slow or stuck', () => {
  it('answers every request once, and soon leaves out the one that fails', async () => {
    const fleet = await createFleet(
      { retries: { repeat: 'always' } },
      { failing: { errorRate: 1, errorStatus: 500 }, slow: { firstTokenMs: 40, tokens: 4 } },
    );
    const answers: number[] = [];
    for (let round = 0; round < 30; round++) answers.push(...(await Promise.all([fleet.ask(), fleet.ask()])));
    await fleet.close();
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(fleet.statuses).toHaveLength(60);
    expect(fleet.counts()).toMatchObject({ 'failed-in-a-row': 1, retried: 5 });
  }, 60_000);

  it('has a second replica answer while the first is stuck', async () => {
    const fleet = await createFleet(
      { retries: { repeat: 'always' }, hedging: { enabled: true, share: 1 } },
      { steady: { tokens: 2 }, stuck: { tokens: 2, hangAfterTokens: 240 } },
    );
    // It gets stuck after so many answers of its own; who is slower on a busy machine gets fewer to give.
    while (fleet.counts()['hedge-won'] === undefined) await fleet.ask();
    for (let round = 0; round < 20; round++) await fleet.ask();
    await fleet.close();
    expect(new Set(fleet.statuses)).toEqual(new Set([200]));
  }, 60_000);
});
