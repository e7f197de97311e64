import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Priority, type Problem, type Resource } from '#schema';
import type { AdmissionCount, Meters } from '#contracts';
import { createFakeTransport } from '#transports/fake';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createDirectory, createDispatch, type Ticket } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function resources(limits: object): Resource[] {
  const model = { model: 'tiny', version: '1' };
  return [
    resourceSchemas.Tenant.parse({ kind: 'Tenant', metadata: { name: 'heavy' }, spec: { weight: 3 } }),
    resourceSchemas.Deployment.parse({
      kind: 'Deployment',
      metadata: { name: 'chat' },
      spec: { ...model, limits: { concurrency: 1, ...limits } },
    }),
    resourceSchemas.Replica.parse({
      kind: 'Replica',
      metadata: { name: 'a' },
      spec: { deployment: 'chat', ...model, generation: 1, engine: 'fake', substrate: 'fake' },
      status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: 'unix:/a' },
    }),
  ];
}

interface Heard {
  ticket?: Ticket;
  problem?: Problem;
}

interface Asked {
  readonly tenant?: string;
  readonly priority?: Priority;
  readonly deadlineMs?: number;
  readonly answers?: number;
}

/** One replica with one place, whose every answer takes 100 ms, on virtual time. */
async function createStage(limits: object = {}) {
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  let counts: (() => readonly AdmissionCount[]) | undefined;
  const meters: Meters = {
    requestFinished: () => undefined,
    observeInFlight: () => undefined,
    observeAdmissions: (read) => (counts = read),
    observeMending: () => undefined,
    replicaStateChanged: () => undefined,
    exposition: () => Promise.resolve(''),
  };
  const directory = createDirectory({ headersOf: () => [] });
  const dispatch = createDispatch({ directory, transport, clock, rng: { next: () => 0.99 }, meters });
  for (const resource of resources(limits)) directory.apply({ type: 'put', resource });

  function ask({ tenant = 'default', priority = 'standard', deadlineMs, answers = 1 }: Asked = {}): Heard {
    const heard: Heard = {};
    const what = {
      model: 'chat',
      endpoint: '/v1/chat/completions',
      body: bytes(tenant),
      headers: [],
    } as const;
    const where = { modelFrom: -1, modelTo: -1, promptFrom: -1, promptTo: -1 };
    const how = { session: undefined, stream: false, maxTokens: undefined, answers, deadlineMs };
    heard.ticket = dispatch.submit(
      { requestId: 'r', tenant, key: 'k', priority, ...what, headers: [], ...where, ...how },
      {
        started: () => undefined,
        received: () => true,
        ended: () => undefined,
        failed: (problem) => {
          heard.problem = problem;
        },
      },
    );
    return heard;
  }
  /** Lets the replica answer what it works on; gives the tenants of all it was sent so far. */
  async function answer(times = 1): Promise<void> {
    for (let n = 0; n < times; n++) {
      const call = transport.calls.at(-1);
      await clock.advance(100);
      call?.answer({}, bytes('{"usage":{"prompt_tokens":2,"completion_tokens":5}}'));
    }
  }
  const sent = (): string[] => transport.calls.map(({ call }) => new TextDecoder().decode(call.body));
  for (let n = 0; n < 5; n++) {
    ask();
    await answer();
  }
  const learned = transport.calls.length;
  return {
    clock,
    dispatch,
    directory,
    ask,
    answer,
    sent: () => sent().slice(learned),
    why: (reason: string) => counts?.().find((one) => one.reason === reason)?.count ?? 0,
  };
}

describe('requests that must wait', () => {
  it('go by shares of their tenants, whatever came first', async () => {
    const stage = await createStage();
    stage.ask({ tenant: 'first' });
    for (let n = 0; n < 12; n++) stage.ask({ tenant: 'greedy' });
    for (let n = 0; n < 12; n++) stage.ask({ tenant: 'heavy' });
    await stage.answer(12);
    const among = stage.sent().slice(1, 13);
    expect(among.filter((tenant) => tenant === 'heavy')).toHaveLength(9);
  });

  it('go by their class first', async () => {
    const stage = await createStage();
    stage.ask({ tenant: 'first' });
    stage.ask({ tenant: 'later', priority: 'batch' });
    stage.ask({ tenant: 'soon' });
    stage.ask({ tenant: 'now', priority: 'critical' });
    await stage.answer(3);
    expect(stage.sent()).toEqual(['first', 'now', 'soon', 'later']);
  });

  it('are refused at once where their deadline would pass, with the time that is missing', async () => {
    const stage = await createStage();
    for (let n = 0; n < 11; n++) stage.ask({ tenant: 'default' });
    const hurried = stage.ask({ deadlineMs: 500 });
    expect(hurried.problem).toMatchObject({ code: 'overloaded' });
    expect(hurried.problem?.retryAfterMs).toBeGreaterThan(400);
    expect(stage.why('deadline-too-near')).toBe(1);
  });

  it('keep nobody out by wanting more answers than any engine gives', async () => {
    const stage = await createStage();
    stage.ask({ tenant: 'first' });
    stage.ask({ tenant: 'boundless', answers: Number.MAX_SAFE_INTEGER });
    expect(stage.ask({ tenant: 'modest', deadlineMs: 60_000 }).problem).toBeUndefined();
    expect(stage.dispatch.loads.read('chat')?.waitingWorkMs).toBeLessThan(60_000);
  });

  it('are told that they wait for themselves, while others still come in', async () => {
    const stage = await createStage({ objectiveMs: 1000 });
    stage.ask({ tenant: 'first' });
    const greedy = Array.from({ length: 20 }, () => stage.ask({ tenant: 'greedy' }));
    expect(stage.ask({ tenant: 'modest' }).problem).toBeUndefined();
    expect(stage.ask({ tenant: 'greedy' }).problem).toMatchObject({ code: 'rate_limited' });
    expect(greedy.filter(({ problem }) => problem?.code === 'overloaded').length).toBeGreaterThan(10);
  });

  it('are not begun when what is left of their deadline is too short', async () => {
    const stage = await createStage();
    stage.ask({ tenant: 'first' });
    const slow = stage.ask({ tenant: 'hurried', deadlineMs: 320 });
    stage.ask({ tenant: 'patient' });
    await stage.clock.advance(150);
    await stage.answer();
    expect(slow.problem).toMatchObject({ code: 'deadline_exceeded' });
    expect(stage.sent()).toEqual(['first', 'patient']);
    expect(stage.why('too-late-at-its-turn')).toBe(1);
  });

  it('make room in a full queue for those who have less', async () => {
    const stage = await createStage({ queueDepthMax: 3 });
    stage.ask({ tenant: 'first' });
    const greedy = [
      stage.ask({ tenant: 'greedy' }),
      stage.ask({ tenant: 'greedy' }),
      stage.ask({ tenant: 'greedy' }),
    ];
    expect(stage.ask({ tenant: 'modest' }).problem).toBeUndefined();
    expect(greedy.map(({ problem }) => problem?.code)).toEqual([undefined, undefined, 'rate_limited']);
  });

  it('teach the curve of their version, engine and machine', async () => {
    const stage = await createStage();
    const [snapshot] = stage.directory.curves.snapshots();
    expect(snapshot).toMatchObject({
      version: 'tiny.1',
      record: { engine: 'fake', hardware: 'local', samples: 5 },
    });
  });
});
