import { describe, expect, it } from 'vitest';
import { problem, type NewTask, type Task } from '#schema';
import type { Blobs, Log, TaskQueue } from '#contracts';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { taskAt } from '../../../test/world/task-at.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/world/virtual-clock.ts';
import { createTaskKeeper } from './keeper.ts';
import { createPayloads, type Payloads } from './payloads.ts';
import { createTaskTurns } from './turns.ts';
import { createTaskRunner, type Runner } from './runner.ts';
import type { TaskReply, Verdict, Work, WorkListener } from './work.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const reply = (text: string): TaskReply => ({
  status: 200,
  contentType: 'application/json',
  model: 'demo@1',
  body: new TextEncoder().encode(text),
});

/** Work that ends when the story says so. */
interface Begun {
  readonly task: Task;
  readonly input: string;
  readonly listener: WorkListener;
  cancelled: boolean;
}

interface World {
  readonly clock: VirtualClock;
  readonly queue: TaskQueue;
  readonly payloads: Payloads;
  readonly begun: Begun[];
  submit(id: string, given?: Partial<NewTask>): Promise<void>;
  worker(name: string, concurrency?: number): Runner;
  task(id: string): Promise<Task | undefined>;
  end(at: number, verdict: Verdict): Promise<void>;
}

/** The same blobs, but each takes a while to be written. */
function slow(blobs: Blobs, clock: VirtualClock, writeMs: number): Blobs {
  return {
    ...blobs,
    async commit(id) {
      await new Promise<void>((resolve) => void clock.setTimer(writeMs, resolve));
      return blobs.commit(id);
    },
  };
}

async function createWorld({ putAwayMs = 0 } = {}): Promise<World> {
  const clock = createVirtualClock();
  const rng = createSeededRng();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const kept = createMemoryBlobs();
  const blobs = putAwayMs === 0 ? kept : slow(kept, clock, putAwayMs);
  const payloads = createPayloads({ blobs, rng, clock });
  const begun: Begun[] = [];
  const work: Work = (task, input, listener) => {
    const one = { task, input: new TextDecoder().decode(input), listener, cancelled: false };
    begun.push(one);
    return () => {
      one.cancelled = true;
    };
  };
  const deps = { queue, payloads, clock, rng, log: silent };
  createTaskKeeper(deps).start();
  return {
    clock,
    queue,
    payloads,
    begun,
    async submit(id, given = {}) {
      const nowMs = clock.nowMs();
      const input = { kind: 'inline', bytes: new TextEncoder().encode(`"${id}"`) } as const;
      await queue.submit([taskAt(nowMs, { id, expiresAtMs: nowMs + 3_600_000, input, ...given })]);
      await clock.settle();
    },
    worker(name, concurrency = 2) {
      const runner = createTaskRunner(deps, {
        lane: 'request',
        worker: name,
        work,
        concurrency,
        leaseMs: 30_000,
      });
      runner.start();
      return runner;
    },
    task: async (id) => (await queue.get([id]))[0],
    async end(at, verdict) {
      begun[at]?.listener.ended(verdict);
      await clock.settle();
    },
  };
}

const broken: Verdict = { kind: 'faulted', problem: problem('replica_failed') };

describe('a worker', () => {
  it('takes what is ready, as many as it may, and the next when one has ended', async () => {
    const world = await createWorld();
    world.worker('w1');
    for (const id of ['a', 'b', 'c']) await world.submit(id);
    expect(world.begun.map(({ input }) => input)).toEqual(['"a"', '"b"']);
    await world.end(0, { kind: 'succeeded', reply: reply('done') });
    expect(world.begun.map(({ input }) => input)).toEqual(['"a"', '"b"', '"c"']);
    expect(await world.task('a')).toMatchObject({
      state: 'succeeded',
      output: { status: 200, model: 'demo@1' },
    });
  });

  it('keeps its lease for as long as the work goes on, and tells how far it is', async () => {
    const world = await createWorld();
    world.worker('w1');
    await world.submit('a');
    await world.clock.advance(120_000);
    expect(await world.task('a')).toMatchObject({ state: 'running', attempt: 1, token: 1 });
    world.begun[0]?.listener.progressed({ chunks: 7, bytes: 70 });
    await world.clock.advance(1000);
    expect(await world.task('a')).toMatchObject({ progress: { chunks: 7, bytes: 70 } });
  });

  it('keeps its lease while a long answer is put away, however long that takes', async () => {
    const world = await createWorld({ putAwayMs: 90_000 });
    world.worker('w1');
    await world.submit('a');
    await world.end(0, { kind: 'succeeded', reply: reply('x'.repeat(100_000)) });
    await world.clock.advance(80_000);
    expect(await world.task('a')).toMatchObject({ state: 'running', attempt: 1 });
    await world.clock.advance(20_000);
    expect(await world.task('a')).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(world.begun).toHaveLength(1);
  });

  it('waits no longer than the task may live, whatever an engine asks for', async () => {
    const world = await createWorld();
    world.worker('w1');
    const expiresAtMs = world.clock.nowMs() + 60_000;
    await world.submit('a', { expiresAtMs });
    await world.end(0, { kind: 'postponed', problem: problem('overloaded', '', { retryAfterMs: 1e300 }) });
    expect(await world.task('a')).toMatchObject({ state: 'queued', dueAtMs: expiresAtMs });
    await world.clock.advance(61_000);
    expect(await world.task('a')).toMatchObject({ state: 'expired' });
  });

  it('tries again with growing delays, then leaves it for dead with the reasons', async () => {
    const world = await createWorld();
    world.worker('w1');
    await world.submit('a');
    await world.end(0, broken);
    await world.clock.advance(500);
    expect(world.begun).toHaveLength(1);
    await world.clock.advance(2000);
    expect(world.begun).toHaveLength(2);
    await world.end(1, broken);
    await world.clock.advance(4000);
    await world.end(2, broken);
    const dead = await world.task('a');
    expect(dead).toMatchObject({ state: 'dead', fault: { code: 'replica_failed' } });
    expect(dead?.trail.map(({ outcome }) => outcome)).toEqual(['put-back', 'put-back', 'failed']);
  });

  it('waits for a model that nobody serves just now, for as long as the task may live', async () => {
    const world = await createWorld();
    world.worker('w1');
    await world.submit('a', { attemptsMax: 1, expiresAtMs: world.clock.nowMs() + 200_000 });
    const loading: Verdict = { kind: 'postponed', problem: problem('model_loading') };
    for (let at = 0; world.begun.length > at; at += 1) {
      await world.end(at, loading);
      await world.clock.advance(40_000);
    }
    expect(world.begun.length).toBeGreaterThan(4);
    expect(await world.task('a')).toMatchObject({ state: 'expired' });
  });

  it('stops at once when the task is cancelled', async () => {
    const world = await createWorld();
    world.worker('w1');
    await world.submit('a');
    await world.queue.steer('a', 'cancelled');
    await world.clock.settle();
    expect(world.begun[0]?.cancelled).toBe(true);
    await world.end(0, { kind: 'succeeded', reply: reply('late') });
    expect(await world.task('a')).toMatchObject({ state: 'cancelled' });
  });

  it('that has lost its lease stops and cannot write; another has taken over', async () => {
    const world = await createWorld();
    world.worker('w1', 1);
    await world.submit('a');
    // Somebody else: as if this one had been asleep for longer than its lease.
    const [task] = await world.queue.get(['a']);
    await world.queue.settle([
      {
        task: task ?? (await Promise.reject(new Error('none'))),
        outcome: {
          kind: 'faulted',
          fault: { code: 'lease_lost', message: '' },
          retryAtMs: world.clock.nowMs(),
        },
      },
    ]);
    const [second] = await world.queue.claim({ lane: 'request', worker: 'w2', leaseMs: 90_000, count: 1 });
    expect(second).toMatchObject({ token: 2 });
    await world.clock.advance(6000);
    expect(world.begun[0]?.cancelled).toBe(true);
    await world.end(0, { kind: 'succeeded', reply: reply('late') });
    expect(await world.task('a')).toMatchObject({ worker: 'w2', token: 2 });
  });

  it('gives back what it cannot finish when it stops, and claims no more', async () => {
    const world = await createWorld();
    const worker = world.worker('w1');
    await world.submit('a');
    const stopped = worker.stop(5000);
    await world.clock.advance(5000);
    await stopped;
    await world.submit('b');
    await world.clock.advance(5000);
    expect(world.begun).toHaveLength(1);
    expect(world.begun[0]?.cancelled).toBe(true);
    expect(await world.task('a')).toMatchObject({ state: 'queued', attempt: 0 });
  });

  it('puts large answers away as blobs, and they go with their task', async () => {
    const world = await createWorld();
    world.worker('w1');
    const text = 'x'.repeat(100_000);
    const input = await world.payloads.keep(new TextEncoder().encode(text), 'a');
    await world.submit('a', { input });
    expect(world.begun[0]?.input).toBe(text);
    await world.end(0, { kind: 'succeeded', reply: reply(text) });
    const payload = (await world.task('a'))?.output?.payload ?? input;
    expect(payload).toMatchObject({ kind: 'blob', sizeBytes: 100_000 });
    expect(new TextDecoder().decode(await world.payloads.load(payload))).toBe(text);
    await world.clock.advance(61_000);
    expect(await world.task('a')).toBeUndefined();
    await expect(world.payloads.load(payload)).rejects.toThrow('There is no blob');
  });
});
