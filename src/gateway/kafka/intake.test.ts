import { describe, expect, it } from 'vitest';
import { configSchema, problem, ProblemError } from '#schema';
import type { BusMessage, Log, OutgoingMessage, TaskQueue } from '#contracts';
import { createDirectory, createPayloads, createTaskLimits, createTaskTurns } from '#dispatch';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { readAddress } from './address.ts';
import { createIntake } from './intake.ts';
import { createResultNews } from './result-news.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function createWorld({
  unfinishedMax = 1000,
  queue: given,
}: { unfinishedMax?: number; queue?: TaskQueue } = {}) {
  const clock = createVirtualClock();
  const rng = createSeededRng();
  const queue = given ?? createMemoryQueue({ clock, turns: createTaskTurns() });
  const produced: OutgoingMessage[] = [];
  const payloads = createPayloads({ blobs: createMemoryBlobs(), rng, clock });
  const { tasks: config } = configSchema.parse({ home: 'nowhere', tasks: { unfinishedMax } });
  const directory = {
    resolve: () => undefined,
    find: async (name: string) => Promise.resolve(name === 'demo' ? Object(name) : undefined),
    routes: () => [],
    shares: createDirectory({ headersOf: () => [] }).shares,
  };
  const intake = createIntake({
    tasks: {
      queue,
      payloads,
      directory,
      clock,
      rng,
      log: silent,
      config,
      bodyBytesMax: 10_000,
      webhookSecretOf: () => '',
      limits: createTaskLimits(),
    },
    bus: {
      produce: async (messages) => {
        produced.push(...messages);
        return Promise.resolve();
      },
    },
    stream: { topic: 'in', tenant: 'acme', priority: 'standard', results: 'out' },
  });
  const list = () => queue.list({ lane: 'request', limit: 100 });
  return { intake, queue, produced, list, payloads, clock };
}

let offset = 0;
function message(value: unknown, given: Partial<BusMessage> = {}): BusMessage {
  offset += 1;
  return {
    topic: 'in',
    partition: 3,
    offset: String(offset),
    timestampMs: 1000,
    key: new TextEncoder().encode(`key ${offset}`),
    value:
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : new TextEncoder().encode(JSON.stringify(value)),
    headers: {},
    ...given,
  };
}
const request = { model: 'demo', body: { messages: [] } };

describe('messages as tasks', () => {
  it('the same message is the same task, however often it is handed over', async () => {
    const { intake, list } = createWorld();
    const messages = [message(request), message(request)];
    expect(await intake(messages)).toEqual({ count: 2 });
    expect(await intake(messages)).toEqual({ count: 2 });
    const tasks = await list();
    expect(tasks).toHaveLength(2);
    expect(tasks[0]).toMatchObject({ tenant: 'acme', key: 'kafka:in', model: 'demo' });
  });

  it('one that is nested without end goes to the dead letters, and holds nothing up', async () => {
    const { intake, list, produced } = createWorld();
    const deep = `{"model":"demo","body":{"messages":${'['.repeat(4_000)}${']'.repeat(4_000)}}}`;
    expect(await intake([message(deep), message(request)])).toEqual({ count: 2 });
    expect(await list()).toHaveLength(1);
    expect(produced).toMatchObject([{ headers: { 'millrace-reason': 'invalid_json' } }]);
  });

  it('a topic that was made anew begins with the same offsets, but not with the same messages', async () => {
    const { intake, list } = createWorld();
    await intake([message(request, { offset: '0' })]);
    await intake([message(request, { offset: '0', timestampMs: 2000 })]);
    expect(await list()).toHaveLength(2);
  });

  it('what can never be a task goes to the dead letters with its reason, and holds nothing up', async () => {
    const { intake, list, produced } = createWorld();
    const messages = [
      message('{'),
      message(request),
      message({ ...request, model: 'nobody' }),
      message({ ...request, webhook: 'https://example.com' }),
      message({ ...request, body: { text: 'x'.repeat(20_000) } }),
      message(undefined, { value: undefined }),
      message(request),
    ];
    expect(await intake(messages)).toEqual({ count: 7 });
    expect(await list()).toHaveLength(2);
    expect(produced.map(({ topic }) => topic)).toEqual(Array.from({ length: 5 }, () => 'in.dead-letters'));
    expect(produced.map(({ headers }) => headers?.['millrace-reason'])).toEqual([
      'invalid_json',
      'model_not_found',
      'invalid_request',
      'payload_too_large',
      'invalid_json',
    ]);
    expect(produced[0]).toMatchObject({ value: messages[0]?.value, key: messages[0]?.key });
  });

  it('a key of its own that was used for something else spoils no other message of its batch', async () => {
    const { intake, list, produced } = createWorld();
    const keyed = (text: string) =>
      message({ ...request, body: { text } }, { headers: { 'idempotency-key': 'k' } });
    await intake([keyed('one')]);
    expect(await intake([message(request), keyed('two'), keyed('one'), message(request)])).toEqual({
      count: 4,
    });
    expect(await list()).toHaveLength(3);
    expect(produced.map(({ headers }) => headers?.['millrace-reason'])).toEqual(['idempotency_conflict']);
  });

  it('a key that no queue could keep is a dead letter, and an empty one is none', async () => {
    const { intake, list, produced } = createWorld();
    const keys = ['k'.repeat(3000), 'a\u0000b', '', ''];
    await intake(keys.map((key) => message(request, { headers: { 'idempotency-key': key } })));
    expect(produced.map(({ headers }) => headers?.['millrace-reason'])).toEqual([
      'invalid_request',
      'invalid_request',
    ]);
    expect(await list()).toHaveLength(2);
  });

  it('pauses where the tenant has as many tasks as it may, and goes on from that message', async () => {
    const { intake, list } = createWorld({ unfinishedMax: 2 });
    const messages = [message(request), message(request), message(request)];
    expect(await intake(messages)).toEqual({ count: 2, pauseMs: 5000 });
    expect(await list()).toHaveLength(2);
  });

  it('has seen to nothing while the queue cannot be reached', async () => {
    const away: TaskQueue = {
      ...createMemoryQueue({ clock: createVirtualClock(), turns: createTaskTurns() }),
      submit: () => Promise.reject(new ProblemError(problem('store_unreachable'))),
    };
    const { intake, produced } = createWorld({ queue: away });
    await expect(intake([message('{'), message(request)])).rejects.toThrow(
      problem('store_unreachable').message,
    );
    expect(produced).toEqual([]);
  });

  it('the end of a task finds its topic, says which message it answers and brings the answer', async () => {
    const { intake, queue, payloads, list } = createWorld();
    const one = message(request);
    await intake([one]);
    const [task] = await queue.claim({ lane: 'request', count: 1, leaseMs: 1000, worker: 'w' });
    const output = {
      status: 200,
      contentType: 'application/json',
      model: 'demo@1',
      payload: { kind: 'inline', bytes: new TextEncoder().encode('{"ok":true}') },
    } as const;
    if (task) await queue.settle([{ task, outcome: { kind: 'succeeded', output } }]);
    const [delivery] = await queue.claim({ lane: 'message', count: 1, leaseMs: 1000, worker: 'w' });
    expect(readAddress(delivery?.endpoint ?? '')).toEqual({
      topic: 'out',
      headers: {
        'millrace-source-topic': 'in',
        'millrace-source-partition': '3',
        'millrace-source-offset': one.offset,
        'millrace-source-key': `key ${one.offset}`,
      },
    });
    const [done] = await queue.get((await list()).map(({ id }) => id));
    const told = async (resultBytesMax: number) =>
      JSON.parse(
        (done && (await createResultNews({ payloads, resultBytesMax })(done, done.webhook ?? ''))) ?? '{}',
      );
    expect(await told(100)).toMatchObject({
      type: 'task.succeeded',
      response: { status: 200, body: { ok: true } },
    });
    expect((await told(5)).response).toEqual({
      status: 200,
      content_type: 'application/json',
      bytes: 11,
      left_out: true,
    });
  });
});
