import { afterAll, describe, expect, it } from 'vitest';
import type { TaskHint, TaskLimits } from '#contracts';
import { taskIdFrom, type NewTask } from '#schema';
import { createTaskTurns } from '../../../test/conformance/turns.ts';
import { noPostgres, testPostgres } from '../../../test/conformance/postgres-server.ts';
import { testTaskQueue } from '../../../test/conformance/task-queue.ts';
import { createPostgresQueue } from './index.ts';

const server = noPostgres === undefined ? await testPostgres() : undefined;
afterAll(() => server?.stop());

let counter = 0;
const open = (clock: { nowMs(): number }, origin = 'test', limits?: TaskLimits) =>
  createPostgresQueue({
    url: server?.url ?? '',
    schema: `test_${process.pid}_${counter}`,
    clock: { nowMs: () => clock.nowMs(), monotonicMs: () => performance.now() },
    turns: createTaskTurns(),
    origin,
    limits,
  });

testTaskQueue({
  name: 'postgres',
  skip: noPostgres,
  open: async (clock, limits) => {
    counter += 1;
    return open(clock, 'test', limits);
  },
  reopen: (clock) => open(clock),
  runs: 30,
});

describe('a text that PostgreSQL cannot have', () => {
  it('is a fault of the caller, not of the platform', async (context) => {
    if (noPostgres !== undefined) context.skip(noPostgres);
    counter += 1;
    const queue = await open({ nowMs: () => 1_800_000_000_000 });
    await expect(queue.get(['task_\u0000'])).rejects.toMatchObject({ problem: { code: 'invalid_request' } });
    await queue.close();
  });
});

describe('two processes over one server', () => {
  it('give turns as one: who floods through one waits for who comes through the other', async (context) => {
    if (noPostgres !== undefined) context.skip(noPostgres);
    counter += 1;
    const clock = { nowMs: () => 1_800_000_000_000 };
    const [one, other, worker] = [
      await open(clock, 'one'),
      await open(clock, 'other'),
      await open(clock, 'worker'),
    ];
    const task = (tenant: string, at: number): NewTask => ({
      id: `${taskIdFrom(clock.nowMs())}${tenant}${at}`,
      lane: 'request',
      tenant,
      key: 'k',
      model: 'm',
      endpoint: '/v1/chat/completions',
      priority: 'standard',
      stride: 1,
      dueAtMs: 0,
      expiresAtMs: clock.nowMs() + 1000,
      keepMs: 1000,
      attemptsMax: 1,
      input: { kind: 'inline', bytes: new Uint8Array(1) },
    });
    await one.submit(Array.from({ length: 100 }, (_, at) => task('flood', at)));
    const claim = { lane: 'request', count: 50, leaseMs: 1000, worker: 'w' } as const;
    // Hints come once everybody listens.
    const told: TaskHint[] = [];
    other.watch((hint) => told.push(hint));
    const ping = async (at: number): Promise<number> => {
      await worker.submit([{ ...task('ping', at), priority: 'batch' }]);
      return told.length;
    };
    let pings = 0;
    await expect.poll(() => ping((pings += 1))).toBeGreaterThan(0);
    const claimed = await worker.claim(claim);
    expect(claimed).toHaveLength(50);
    const outcome = {
      kind: 'succeeded',
      output: {
        status: 200,
        contentType: '',
        model: '',
        payload: claimed[0]?.input ?? { kind: 'inline', bytes: new Uint8Array(1) },
      },
    } as const;
    await worker.settle(claimed.map((each) => ({ task: each, outcome })));
    await expect.poll(() => told).toContainEqual(expect.objectContaining({ state: 'succeeded' }));
    await other.submit(Array.from({ length: 10 }, (_, at) => task('late', at)));
    const next = await worker.claim({ ...claim, count: 20 });
    expect(next.filter(({ tenant }) => tenant === 'late').length).toBeGreaterThanOrEqual(9);
    // A tenant gets no more by asking at two doors.
    await other.submit(Array.from({ length: 5 }, (_, at) => task('flood', 1000 + at)));
    const rest = await worker.claim(claim);
    const numbers = rest
      .filter(({ tenant }) => tenant === 'flood')
      .map(({ id }) => Number(/flood(\d+)/.exec(id)?.[1]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    await Promise.all([one.close(), other.close(), worker.close()]);
  });
});
