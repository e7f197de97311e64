import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Problem, type Resource } from '#schema';
import { type Meters, type RequestSample, silentMeters } from '#contracts';
import { createFakeTransport, type FakeCall } from '#transports/fake';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createDirectory, createDispatch, type Ticket } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function deployment(spec: { limits?: object; batching?: object; resilience?: object }): Resource {
  return resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name: 'encoder' },
    spec: { model: 'tiny', version: '1', ...spec },
  });
}

function replica(name: string): Resource {
  return resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name },
    spec: {
      deployment: 'encoder',
      model: 'tiny',
      version: '1',
      generation: 1,
      engine: 'fake',
      substrate: 'fake',
    },
    status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency: 2 },
  });
}

interface Heard {
  readonly ticket: Ticket;
  text?: string;
  problem?: Problem;
}

/** A replica's batch takes b + 5 ms. */
const serviceMs = (size: number): number => size + 5;

interface Given {
  readonly replicas?: readonly string[];
  readonly limits?: object;
  readonly batching?: object;
  readonly resilience?: object;
  readonly batchSizeMax?: number | undefined;
}

function headersOf({ call }: FakeCall): Record<string, string> {
  const names = call.headers.filter((_, at) => at % 2 === 0);
  return Object.fromEntries(names.map((name, at) => [name, call.headers[at * 2 + 1] ?? '']));
}

/** Dispatch before replicas that take batches, on virtual time. */
function createStage(given: Given = {}) {
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  const samples: RequestSample[] = [];
  const meters: Meters = {
    ...silentMeters,
    requestFinished: (sample) => samples.push(sample),
  };
  const batchSizeMax = 'batchSizeMax' in given ? given.batchSizeMax : 16;
  const directory = createDirectory({
    headersOf: () => [],
    batchSizeMaxOf: () => batchSizeMax,
  });
  const dispatch = createDispatch({ directory, transport, clock, rng: createSeededRng(), meters });
  const { limits = {}, batching = {}, resilience = {}, replicas = ['a'] } = given;
  for (const resource of [
    deployment({ limits, batching, resilience }),
    ...replicas.map((name) => replica(name)),
  ])
    directory.apply({ type: 'put', resource });
  let asked = 0;

  function ask(more: { deadlineMs?: number; tenant?: string; requestId?: string } = {}): Heard {
    const heard: Partial<Heard> = {};
    asked += 1;
    const ticket = dispatch.submit(
      {
        requestId: more.requestId ?? `r${asked}`,
        tenant: more.tenant ?? 'default',
        key: 'k',
        priority: 'standard',
        session: undefined,
        modelFrom: -1,
        modelTo: -1,
        promptFrom: -1,
        promptTo: -1,
        stream: false,
        maxTokens: undefined,
        answers: 1,
        model: 'encoder',
        endpoint: '/v1/embeddings',
        body: bytes(`${asked}`),
        headers: ['content-type', 'application/json'],
        deadlineMs: more.deadlineMs,
      },
      {
        started: () => undefined,
        received: (part) => {
          heard.text = new TextDecoder().decode(part);
          return true;
        },
        ended: () => undefined,
        failed: (problem) => {
          heard.problem = problem;
        },
      },
    );
    return Object.assign(heard, { ticket });
  }

  const stage = {
    clock,
    transport,
    samples,
    dispatch,
    ask,
    askMany: (count: number): Heard[] => Array.from({ length: count }, () => ask()),
    /** Batches as the replicas see them: bodies of the calls that came together. */
    batches(): string[] {
      const groups = new Map<string, string[]>();
      for (const [at, call] of transport.calls.entries()) {
        const id = headersOf(call)['x-millrace-batch'] ?? `alone-${at}`;
        const body = new TextDecoder().decode(call.call.body);
        groups.set(id, [...(groups.get(id) ?? []), body]);
      }
      return [...groups.values()].map((bodies) => bodies.join(' '));
    },
    /** Answers everything a replica was sent from a call on, after the time its batch takes. */
    async serve(from: number): Promise<void> {
      const calls = transport.calls.slice(from);
      await clock.advance(serviceMs(calls.length));
      for (const call of calls)
        call.answer({}, bytes(`answer to ${new TextDecoder().decode(call.call.body)}`));
    },
    /** Lets the curve learn batches of several sizes; nobody who was answered comes back soon. */
    async teach(): Promise<void> {
      for (const size of [1, 2, 4, 8, 3, 6, 1, 5]) {
        await clock.advance(20);
        const from = transport.calls.length;
        stage.askMany(size + 1);
        await stage.serve(from);
        await stage.serve(from + 1);
      }
    },
  };
  return stage;
}

describe('a batch through dispatch', () => {
  it('goes at once where nothing runs, and gathers what comes while it does', async () => {
    const stage = createStage();
    const heard = stage.askMany(4);
    expect(stage.batches()).toEqual(['1']);
    await stage.serve(0);
    expect(stage.batches()).toEqual(['1', '2 3 4']);
    await stage.serve(1);
    expect(heard.map(({ text }) => text)).toEqual([
      'answer to 1',
      'answer to 2',
      'answer to 3',
      'answer to 4',
    ]);
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('tells the replica which requests belong together and how many they are', async () => {
    const stage = createStage();
    stage.askMany(3);
    await stage.serve(0);
    const headers = stage.transport.calls.map(headersOf);
    expect(headers[0]).not.toHaveProperty('x-millrace-batch');
    expect(headers.slice(1)).toMatchObject([
      { 'content-type': 'application/json', 'x-millrace-batch': 'r2.2', 'x-millrace-batch-size': '2' },
      { 'content-type': 'application/json', 'x-millrace-batch': 'r2.2', 'x-millrace-batch-size': '2' },
    ]);
  });

  it('is told from every other, whatever its callers name their requests', async () => {
    const stage = createStage();
    const ask = (): Heard => stage.ask({ requestId: 'mine' });
    for (let count = 0; count < 3; count++) ask();
    await stage.serve(0);
    for (let count = 0; count < 2; count++) ask();
    await stage.serve(1);
    const named = stage.transport.calls.flatMap((call) => headersOf(call)['x-millrace-batch'] ?? []);
    expect(stage.batches().slice(1)).toEqual(['2 3', '4 5']);
    expect(new Set(named).size).toBe(2);
  });

  it('is no larger than the deployment and the engine allow', async () => {
    const stage = createStage({ batching: { maxSize: 3 } });
    stage.askMany(6);
    await stage.serve(0);
    expect(stage.batches()).toEqual(['1', '2 3 4']);
  });

  it('is not made where the engine batches by itself, or the deployment does not want it', () => {
    for (const given of [{ batchSizeMax: undefined }, { batching: { maxSize: 1 } }]) {
      const stage = createStage(given);
      stage.askMany(3);
      expect(stage.batches()).toEqual(['1', '2']);
    }
  });

  it('keeps to one batch a replica, and uses every replica', () => {
    const stage = createStage({ replicas: ['a', 'b'] });
    stage.askMany(5);
    expect(new Set(stage.transport.calls.map(({ call }) => call.endpoint)).size).toBe(2);
    expect(stage.batches()).toEqual(['1', '2']);
  });

  it('gives a second batch to a replica that waits more than it runs, and to no other', async () => {
    for (const [runMs, sent, limits] of [
      [1, 2, {}],
      [6, 1, {}],
      // What is in time is predicted from the start of a run: there one at a time.
      [1, 1, { objectiveMs: 1000 }],
    ] as const) {
      const stage = createStage({ limits });
      for (let run = 0; run < 20; run++) {
        stage.askMany(2);
        await stage.clock.advance(6);
        // The first goes alone; so does the second, after it.
        for (const call of stage.transport.calls.slice(-1)) call.answer({ runMs });
        await stage.clock.advance(6);
        for (const call of stage.transport.calls.slice(-2)) call.answer({ runMs });
      }
      await stage.clock.advance(50);
      const before = stage.transport.calls.length;
      stage.ask();
      stage.ask();
      expect(stage.transport.calls.length - before).toBe(sent);
    }
  });

  it('waits for the window, or until it is full', async () => {
    const stage = createStage({ batching: { windowMs: 10, maxSize: 4 } });
    stage.askMany(2);
    await stage.clock.advance(9);
    expect(stage.batches()).toEqual([]);
    await stage.clock.advance(1);
    expect(stage.batches()).toEqual(['1 2']);
    await stage.serve(0);
    stage.askMany(4);
    expect(stage.batches()).toEqual(['1 2', '3 4 5 6']);
  });

  it('loses a member that leaves, and only that one', async () => {
    const stage = createStage();
    const heard = stage.askMany(4);
    heard[1]?.ticket.cancel();
    await stage.serve(0);
    expect(stage.batches()).toEqual(['1', '3 4']);
    heard[2]?.ticket.cancel();
    expect(stage.transport.calls.map((call) => call.cancelled())).toEqual([false, true, false]);
    await stage.serve(1);
    expect(heard.map(({ text }) => text)).toEqual(['answer to 1', undefined, undefined, 'answer to 4']);
    expect(stage.samples.map(({ status }) => status)).toEqual([499, 200, 499, 200]);
    stage.ask();
    expect(stage.batches()).toEqual(['1', '3 4', '5']);
  });

  it('keeps its replica until its run is over, which its first answer says', async () => {
    const stage = createStage();
    stage.askMany(4);
    await stage.serve(0);
    stage.ask();
    const [, refused, first, second] = stage.transport.calls;
    refused?.answer({ status: 400 }, bytes('one was refused before the run'));
    expect(stage.batches()).toEqual(['1', '2 3 4']);
    first?.start({});
    expect(stage.batches()).toEqual(['1', '2 3 4', '5']);
    stage.ask();
    first?.end();
    second?.answer({}, bytes('the rest of the answers'));
    expect(stage.batches()).toEqual(['1', '2 3 4', '5']);
    await stage.serve(4);
    expect(stage.batches()).toEqual(['1', '2 3 4', '5', '6']);
  });

  it('fails as a whole with its replica, once it may have begun; the rest goes on', async () => {
    const resilience = { retries: { repeat: 'never' } };
    const stage = createStage({ replicas: ['a'], resilience });
    const heard = stage.askMany(4);
    await stage.serve(0);
    const later = stage.ask();
    for (const call of stage.transport.calls.slice(1)) call.breakOff(true);
    expect(heard.slice(1).map(({ problem }) => problem?.code)).toEqual([
      'replica_failed',
      'replica_failed',
      'replica_failed',
    ]);
    await stage.serve(4);
    expect(later.text).toBe('answer to 5');
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('goes to another replica when it never reached the first', async () => {
    const stage = createStage({ replicas: ['a', 'b'] });
    const heard = stage.askMany(5);
    const [first] = stage.transport.calls;
    first?.answer({}, bytes('answer to 1'));
    expect(stage.batches()).toEqual(['1', '2', '3 4 5']);
    for (const call of stage.transport.calls.slice(2)) call.breakOff(false);
    stage.transport.calls[1]?.answer({}, bytes('answer to 2'));
    expect(stage.transport.calls.slice(5).map(({ call }) => call.endpoint)).toEqual(
      Array.from({ length: 3 }, () => stage.transport.calls[1]?.call.endpoint),
    );
    await stage.serve(5);
    expect(heard.map(({ text }) => text)).toEqual([1, 2, 3, 4, 5].map((n) => `answer to ${n}`));
  });

  it('shares its places fairly', async () => {
    const stage = createStage({ batching: { maxSize: 4 } });
    stage.ask();
    for (let count = 0; count < 8; count += 1) stage.ask({ tenant: 'many' });
    for (let count = 0; count < 2; count += 1) stage.ask({ tenant: 'few' });
    await stage.serve(0);
    expect(stage.batches()[1]?.split(' ').toSorted()).toEqual(['10', '11', '2', '3']);
  });
});

/** Four callers who ask again 0.4 ms after each answer, until a time. */
async function comeBack(stage: ReturnType<typeof createStage>, untilMs: number): Promise<void> {
  let served = 0;
  stage.askMany(2);
  await stage.clock.advance(1);
  stage.askMany(2);
  while (stage.clock.monotonicMs() < untilMs) {
    const from = served;
    served = stage.transport.calls.length;
    if (from === served) await stage.clock.advance(0.1);
    else {
      await stage.serve(from);
      const answered = served - from;
      stage.clock.setTimer(0.4, () => stage.askMany(answered));
    }
  }
}

describe('a batch of callers who come back', () => {
  it('waits for them, instead of taking turns in halves for ever', async () => {
    const stage = createStage();
    await comeBack(stage, 400);
    const sizes = stage.batches().map((batch) => batch.split(' ').length);
    expect(sizes.slice(-10)).toEqual(Array.from({ length: 10 }, () => 4));
  });

  it('waits for nobody where the deployment has a window of its own', async () => {
    const stage = createStage({ batching: { windowMs: 0 } });
    await comeBack(stage, 400);
    const sizes = stage.batches().map((batch) => batch.split(' ').length);
    expect(Math.max(...sizes.slice(-10))).toBeLessThan(4);
  });
});

describe('a batch with an objective', () => {
  it('is as large as its most urgent member allows', async () => {
    const stage = createStage({ limits: { objectiveMs: 50 } });
    await stage.teach();
    const from = stage.transport.calls.length;
    stage.askMany(1);
    await stage.clock.advance(30);
    const heard = stage.askMany(16);
    stage.transport.calls[from]?.answer({}, bytes('late, but here'));
    // What came now may take 16 + 5 ms.
    expect(stage.transport.calls.length - from).toBe(17);
    await stage.serve(from + 1);
    expect(heard.every(({ text }) => text !== undefined)).toBe(true);
  });

  it('refuses what cannot be answered in time any more, and says why', async () => {
    const stage = createStage({ limits: { objectiveMs: 30 } });
    await stage.teach();
    const from = stage.transport.calls.length;
    stage.askMany(1);
    const old = stage.askMany(2);
    await stage.clock.advance(28);
    const young = stage.askMany(3);
    stage.transport.calls[from]?.answer({}, bytes('at last'));
    expect(old.map(({ problem }) => problem?.code)).toEqual(['overloaded', 'overloaded']);
    expect(old[0]?.problem?.message).toContain('objective of 30 ms');
    await stage.serve(from + 1);
    expect(young.every(({ text }) => text !== undefined)).toBe(true);
  });

  it('honours the deadline of each member', async () => {
    const stage = createStage();
    await stage.teach();
    const from = stage.transport.calls.length;
    stage.askMany(1);
    const hurried = stage.ask({ deadlineMs: 15 });
    const patient = stage.askMany(2);
    await stage.clock.advance(12);
    stage.transport.calls[from]?.answer({}, bytes('done'));
    expect(hurried.problem?.code).toBe('deadline_exceeded');
    await stage.serve(from + 1);
    expect(patient.every(({ text }) => text !== undefined)).toBe(true);
  });

  it('serves on when the curve became wrong', async () => {
    const stage = createStage({ limits: { objectiveMs: 5 } });
    for (let count = 0; count < 12; count += 1) {
      const from = stage.transport.calls.length;
      const heard = stage.ask();
      await stage.serve(from);
      expect(heard.text).toBeDefined();
    }
  });
});
