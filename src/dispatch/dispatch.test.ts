import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Problem, type ReplicaState, type Resource } from '#schema';
import { type Meters, type RequestSample, silentMeters } from '#contracts';
import { createFakeTransport } from '#transports/fake';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createDirectory, createDispatch, type Ticket } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function deployment(changes: { limits?: object; replicas?: object; status?: object } = {}): Resource {
  return resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name: 'chat' },
    spec: { model: 'tiny', version: '1', limits: changes.limits, replicas: changes.replicas },
    ...(changes.status ? { status: { replicas: 0, readyReplicas: 0, restarts: 0, ...changes.status } } : {}),
  });
}

function replica(name: string, state: ReplicaState, more: object = {}): Resource {
  return resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name },
    spec: {
      deployment: 'chat',
      model: 'tiny',
      version: '1',
      generation: 1,
      engine: 'fake',
      substrate: 'fake',
    },
    status: { state, since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency: 1, ...more },
  });
}

interface Heard {
  readonly texts: string[];
  status?: number;
  ended?: boolean;
  problem?: Problem;
}

interface Asking {
  readonly model?: string;
  readonly deadlineMs?: number;
  readonly borrows?: boolean | undefined;
  /** Hears of bytes as they come. */
  readonly keep?: (part: Uint8Array) => void;
}

/** A gateway's view of dispatch, on virtual time and a scripted network. */
function createStage(given: { headers?: string[] } = {}) {
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  const samples: RequestSample[] = [];
  const meters: Meters = {
    ...silentMeters,
    requestFinished: (sample) => samples.push(sample),
  };
  const directory = createDirectory({
    headersOf: () => given.headers ?? [],
  });
  const dispatch = createDispatch({ directory, transport, clock, rng: createSeededRng(), meters });
  return {
    clock,
    transport,
    samples,
    dispatch,
    put: (...resources: Resource[]) => {
      for (const resource of resources) directory.apply({ type: 'put', resource });
    },
    remove: (resource: Resource) => {
      directory.apply({ type: 'deleted', resource });
    },
    ask(more: Asking = {}): Heard & { ticket: Ticket } {
      const heard: Heard = { texts: [] };
      const ticket = dispatch.submit(
        {
          requestId: 'r',
          tenant: 'default',
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
          model: more.model ?? 'chat',
          endpoint: '/v1/chat/completions',
          body: bytes('{}'),
          headers: [],
          deadlineMs: more.deadlineMs,
        },
        {
          started: (head) => {
            heard.status = head.status;
          },
          borrows: more.borrows,
          received: (part) => {
            heard.texts.push(new TextDecoder().decode(part));
            more.keep?.(part);
            return true;
          },
          ended: () => {
            heard.ended = true;
          },
          failed: (problem) => {
            heard.problem = problem;
          },
        },
      );
      return Object.assign(heard, { ticket });
    },
  };
}

describe('a request through dispatch', () => {
  it('goes to a ready replica and back, and is accounted once', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const heard = stage.ask();
    stage.transport.calls[0]?.answer({}, bytes('{"usage":{"prompt_tokens":3,"completion_tokens":4}}'));
    expect(heard).toMatchObject({ status: 200, ended: true });
    expect(stage.samples).toMatchObject([
      { status: 200, deployment: 'chat', promptTokens: 3, completionTokens: 4 },
    ]);
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('lends what comes to whoever borrows, and gives all others bytes of their own', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready', { concurrency: 2 }));
    const room = bytes('first');
    for (const borrows of [true, undefined]) {
      const parts: Uint8Array[] = [];
      stage.ask({ borrows, keep: (part) => parts.push(part) });
      const call = stage.transport.calls.at(-1);
      call?.start({});
      call?.send(room);
      expect(parts).toEqual([room]);
      expect(parts[0] === room).toBe(borrows === true);
    }
  });

  it('is found by deployment, by model and by model@version, and by nothing else', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready', { concurrency: 9 }));
    for (const model of ['chat', 'tiny', 'tiny@1']) expect(stage.ask({ model }).problem).toBeUndefined();
    expect(stage.ask({ model: 'tiny@2' }).problem).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  it('goes out at once when its replica turns out to work on more at a time than was known', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready', { concurrency: undefined }));
    for (let count = 0; count < 4; count += 1) stage.ask();
    expect(stage.transport.calls).toHaveLength(1);
    stage.put(replica('a', 'ready', { concurrency: 3 }));
    expect(stage.transport.calls).toHaveLength(3);
    stage.put(deployment({ limits: { concurrency: 8 } }));
    expect(stage.transport.calls).toHaveLength(4);
  });

  it('is held while the model loads, then answered', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'loading', { loadedFraction: 0.4, remainingMs: 2000 }));
    const heard = stage.ask();
    await stage.clock.advance(3000);
    expect(stage.transport.calls).toHaveLength(0);
    stage.put(replica('a', 'ready'));
    stage.transport.calls[0]?.answer({}, bytes('hello'));
    expect(heard.texts).toEqual(['hello']);
    expect(stage.samples[0]?.queueMs).toBe(3000);
  });

  it('is refused with progress and an estimate when loading outlasts the patience', async () => {
    const stage = createStage();
    stage.put(
      deployment({ limits: { holdMs: 5000 } }),
      replica('a', 'loading', { loadedFraction: 0.4, remainingMs: 12_000 }),
    );
    const heard = stage.ask();
    await stage.clock.advance(5001);
    expect(heard.problem).toMatchObject({ code: 'model_loading', retryAfterMs: 12_000 });
    expect(heard.problem?.message).toContain('40 % done, about 12 s left');
  });

  it('is told how long a start still takes, where starts of its version were measured', async () => {
    const stage = createStage();
    const createdAt = new Date(stage.clock.nowMs()).toISOString();
    const starting = { ...replica('a', 'starting'), metadata: { name: 'a', createdAt } };
    stage.put(
      deployment({ limits: { holdMs: 5000 }, status: { coldStartMs: 30_000 } }),
      resourceSchemas.Replica.parse(starting),
    );
    const heard = stage.ask();
    await stage.clock.advance(5001);
    expect(heard.problem?.code).toBe('model_loading');
    expect(heard.problem?.retryAfterMs).toBeGreaterThan(24_900);
    expect(heard.problem?.retryAfterMs).toBeLessThanOrEqual(25_000);
    expect(heard.problem?.message).toContain('about 25 s left');
    // It takes longer than usual: then nobody knows.
    await stage.clock.advance(30_000);
    const later = stage.ask();
    await stage.clock.advance(5001);
    expect(later.problem).toMatchObject({ code: 'model_loading', retryAfterMs: 1000 });
  });

  it('is told at once when the deployment is scaled to zero', () => {
    const stage = createStage();
    stage.put(deployment({ replicas: { min: 0 } }));
    expect(stage.ask().problem).toMatchObject({ code: 'model_unavailable' });
  });

  it('waits its turn when every place is taken, first come first served', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const heard = [stage.ask(), stage.ask(), stage.ask()];
    expect(stage.transport.calls).toHaveLength(1);
    stage.transport.calls[0]?.answer({}, bytes('1'));
    stage.transport.calls[1]?.answer({}, bytes('2'));
    stage.transport.calls[2]?.answer({}, bytes('3'));
    expect(heard.map((one) => one.texts[0])).toEqual(['1', '2', '3']);
  });

  it('is refused when the queue is full, with the time the queue needs', async () => {
    const stage = createStage();
    stage.put(deployment({ limits: { queueDepthMax: 1 } }), replica('a', 'ready'));
    stage.ask();
    await stage.clock.advance(2000);
    stage.transport.calls[0]?.answer({}, bytes('measured: two seconds'));
    stage.ask();
    stage.ask();
    expect(stage.ask().problem).toMatchObject({ code: 'overloaded', retryAfterMs: 4000 });
  });

  it('leaves the queue when its caller goes away, and frees the replica when it was there already', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const first = stage.ask();
    const second = stage.ask();
    const third = stage.ask();
    second.ticket.cancel();
    first.ticket.cancel();
    expect(stage.transport.calls[0]?.cancelled()).toBe(true);
    stage.transport.calls[1]?.answer({}, bytes('third'));
    expect(third.texts).toEqual(['third']);
    expect(stage.samples.map((sample) => sample.status)).toEqual([499, 499, 200]);
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('is sent to another replica when it never reached the first', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'), replica('b', 'ready'));
    const heard = stage.ask();
    stage.transport.calls[0]?.breakOff(false);
    const endpoints = stage.transport.calls.map(({ call }) => call.endpoint);
    expect(new Set(endpoints).size).toBe(2);
    stage.transport.calls[1]?.answer({}, bytes('from the other'));
    expect(heard.texts).toEqual(['from the other']);
  });

  it('is not sent twice when the replica may have begun', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'), replica('b', 'ready'));
    const heard = stage.ask();
    stage.transport.calls[0]?.breakOff(true);
    expect(stage.transport.calls).toHaveLength(1);
    expect(heard.problem).toMatchObject({ code: 'replica_failed' });
  });

  it('gives up on the only replica after a few refused connections instead of spinning', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const heard = stage.ask();
    for (let attempt = 0; attempt < 3; attempt++) {
      stage.transport.calls[attempt]?.breakOff(false);
      await stage.clock.advance(1001 * 2 ** attempt);
    }
    expect(stage.transport.calls).toHaveLength(3);
    expect(heard.problem).toMatchObject({ code: 'replica_failed' });
  });

  it('honours its deadline while it waits', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    stage.ask();
    const hurried = stage.ask({ deadlineMs: 500 });
    await stage.clock.advance(501);
    expect(hurried.problem).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('honours its deadline while a replica is silent, and stops the replica', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const hurried = stage.ask({ deadlineMs: 500 });
    await stage.clock.advance(501);
    expect(hurried.problem).toMatchObject({ code: 'deadline_exceeded' });
    expect(stage.transport.calls[0]?.cancelled()).toBe(true);
    expect(stage.samples).toMatchObject([{ status: 504 }]);
  });

  it('has no deadline any more once its answer has begun', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const streaming = stage.ask({ deadlineMs: 500 });
    stage.transport.calls[0]?.start({});
    await stage.clock.advance(5000);
    stage.transport.calls[0]?.end();
    expect(streaming).toMatchObject({ ended: true });
  });

  it('is counted as what became of it, not as what its head promised', async () => {
    const stage = createStage();
    stage.put(deployment({ limits: { holdMs: 1000 } }), replica('a', 'ready', { concurrency: 9 }));
    const doomed = stage.ask();
    stage.transport.calls[0]?.start({});
    stage.transport.calls[0]?.breakOff(true);
    expect(doomed.problem).toMatchObject({ code: 'replica_failed' });
    const left = stage.ask();
    stage.transport.calls[1]?.start({});
    left.ticket.cancel();
    stage.put(replica('a', 'loading'));
    stage.ask();
    await stage.clock.advance(1001);
    expect(stage.samples.map(({ status, queueMs }) => [status, queueMs])).toEqual([
      [502, 0],
      [499, 0],
      [503, 1000],
    ]);
  });

  it('keeps its place in the queue when its replica could not be reached', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const first = stage.ask();
    const second = stage.ask();
    stage.transport.calls[0]?.breakOff(false);
    await stage.clock.advance(1001);
    stage.transport.calls[1]?.answer({}, bytes('1'));
    stage.transport.calls[2]?.answer({}, bytes('2'));
    expect([first.texts, second.texts]).toEqual([['1'], ['2']]);
  });

  it('wakes those behind it when it gives up waiting for a shunned replica', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const first = stage.ask();
    const second = stage.ask();
    stage.transport.calls[0]?.breakOff(false);
    first.ticket.cancel();
    await stage.clock.advance(1001);
    stage.transport.calls[1]?.answer({}, bytes('2'));
    expect(second.texts).toEqual(['2']);
  });

  it('does not tell its caller what an endpoint of others thinks of our key', () => {
    const stage = createStage({ headers: ['authorization', 'Bearer ours'] });
    stage.put(deployment(), replica('a', 'ready'));
    const heard = stage.ask();
    // The second time with the key that is there now.
    for (const at of [0, 1])
      stage.transport.calls[at]?.answer({ status: 401 }, bytes('{"error":"key sk-… is wrong"}'));
    expect(heard).toMatchObject({ texts: [], problem: { code: 'replica_failed' } });
  });

  it('stops going to a replica that is being drained, and what runs there may end', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready', { concurrency: 4 }), replica('b', 'loading'));
    const running = stage.ask();
    stage.put(replica('a', 'draining'), replica('b', 'ready', { concurrency: 4 }));
    stage.ask();
    expect(stage.transport.calls.map(({ call }) => call.endpoint)).toEqual(['unix:/a', 'unix:/b']);
    stage.transport.calls[0]?.answer({}, bytes('ended in peace'));
    expect(running.texts).toEqual(['ended in peace']);
  });

  it('is refused by name when its deployment is deleted while it waits', () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    stage.ask();
    const waiting = stage.ask();
    stage.remove(deployment());
    expect(waiting.problem).toMatchObject({ code: 'model_not_found' });
  });

  it('drains: new requests are refused, running ones end', async () => {
    const stage = createStage();
    stage.put(deployment(), replica('a', 'ready'));
    const running = stage.ask();
    const drained = stage.dispatch.drain();
    expect(stage.ask().problem).toMatchObject({ code: 'shutting_down' });
    stage.transport.calls[0]?.answer({}, bytes('last one'));
    await drained;
    expect(running.ended).toBe(true);
  });
});
