import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { taskIdFrom, type NewTask, type Task, type TaskOutput } from '#schema';
import type { ClaimWanted, Clock, TaskHint, TaskLimits, TaskQueue } from '#contracts';
import { createTaskTurns } from '#dispatch';
import { createMemoryQueue } from '#queues/memory';
import { taskAt } from '../world/task-at.ts';

interface QueueTime extends Pick<Clock, 'nowMs'> {
  now: number;
}

export interface QueueUnderTest {
  readonly name: string;
  /** A queue with nothing in it. */
  open(time: QueueTime, limits?: TaskLimits): Promise<TaskQueue>;
  /** Another one over the same tasks, as after a restart; for those that keep them. */
  readonly reopen?: (time: QueueTime) => Promise<TaskQueue>;
  /** Why it cannot run here. */
  readonly skip?: string | undefined;
  readonly runs?: number;
}

const startMs = Date.UTC(2026, 10, 27, 10);
const hour = 3_600_000;

function timeAt(now = startMs): QueueTime {
  const time = { now, nowMs: () => time.now };
  return time;
}

let counter = 0;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function newTask(given: Partial<NewTask> = {}): NewTask {
  counter += 1;
  return taskAt(startMs, {
    id: taskIdFrom(startMs) + String(counter).padStart(8, '0'),
    expiresAtMs: startMs + 24 * hour,
    keepMs: hour,
    input: { kind: 'inline', bytes: bytes('{"model":"demo"}') },
    ...given,
  });
}

const wanted = (count: number, given: Partial<ClaimWanted> = {}): ClaimWanted => ({
  lane: 'request',
  count,
  leaseMs: 30_000,
  worker: 'w1',
  ...given,
});

const answer = (text: string): TaskOutput => ({
  status: 200,
  contentType: 'application/json',
  model: 'demo@1',
  payload: { kind: 'inline', bytes: bytes(text) },
});

const fault = { code: 'replica_failed', message: 'It broke.' };

async function claimOne(queue: TaskQueue, given: Partial<ClaimWanted> = {}): Promise<Task> {
  const [task] = await queue.claim(wanted(1, given));
  if (task === undefined) throw new Error('There was nothing to claim.');
  return task;
}

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

const byId = (tasks: readonly Task[]): readonly Task[] => tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1));

async function one(queue: TaskQueue, id: string): Promise<Task> {
  const [task] = await queue.get([id]);
  if (task === undefined) throw new Error(`There is no ${id}.`);
  return task;
}

const textOf = (task: Pick<Task, 'input'>): string =>
  task.input.kind === 'inline' ? new TextDecoder().decode(task.input.bytes) : task.input.kind;

const inShort = ({ id, state, attempt, postponed, token, trail, fault: why, endedAtMs }: Task) => ({
  id,
  state,
  attempt,
  postponed,
  token,
  endedAtMs,
  why: why?.code,
  trail: trail.map((each) => `${each.attempt} ${each.outcome} ${each.fault?.code ?? ''}`),
});

/** `few` may have two tasks running, everybody else any number. */
function limitsOf(): { readonly limits: TaskLimits; few: number | undefined } {
  const told: { few: number | undefined; readonly limits: TaskLimits } = {
    few: 2,
    limits: {
      runningMaxOf: (tenant) => (tenant === 'few' ? told.few : undefined),
      limited: () => (told.few === undefined ? [] : ['few']),
    },
  };
  return told;
}

const ofFew = (tasks: readonly Task[]) => tasks.filter(({ tenant }) => tenant === 'few');

/** What every queue must do. */
export function testTaskQueue(subject: QueueUnderTest): void {
  const open = async (context: { skip: (why: string) => never }, limits?: TaskLimits) => {
    if (subject.skip !== undefined) context.skip(subject.skip);
    const time = timeAt();
    return { time, queue: await subject.open(time, limits) };
  };

  describe(`queue ${subject.name}`, () => {
    test('keeps what was submitted, bytes and all', async (context) => {
      const { queue } = await open(context);
      const input = { kind: 'inline', bytes: Uint8Array.from([0, 255, 10, 128]) } as const;
      const given = newTask({
        input,
        webhook: 'https://example.com/hook',
        idempotencyKey: 'k',
        fingerprint: 'f',
        session: 'a conversation',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      });
      const large = newTask({ input: { kind: 'blob', digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 99 } });
      const [first] = await queue.submit([given, large]);
      expect(first).toMatchObject({
        fresh: true,
        task: { id: given.id, state: 'queued', attempt: 0, token: 0 },
      });
      expect(await one(queue, given.id)).toEqual({
        ...given,
        state: 'queued',
        createdAtMs: startMs,
        rank: 0,
        attempt: 0,
        postponed: 0,
        token: 0,
        trail: [],
      });
      expect((await one(queue, large.id)).input).toEqual(large.input);
      expect(await queue.get(['task_none'])).toEqual([]);
      await queue.close();
    });

    test('hands out the most urgent first, then in turns of tenants; each to one worker', async (context) => {
      const { queue } = await open(context);
      const tasks = [
        newTask({ priority: 'batch' }),
        newTask({ tenant: 'a' }),
        newTask({ tenant: 'a' }),
        newTask({ tenant: 'a' }),
        newTask({ tenant: 'b' }),
        newTask({ tenant: 'b' }),
        newTask({ priority: 'critical' }),
      ];
      await queue.submit(tasks);
      const claims = await queue.claim(wanted(3));
      const order = (some: readonly Task[]) =>
        some.map((task) => tasks.findIndex(({ id }) => id === task.id));
      expect(order(claims)).toEqual([6, 1, 4]);
      expect(claims[0]).toMatchObject({
        state: 'leased',
        attempt: 1,
        token: 1,
        worker: 'w1',
        leaseUntilMs: startMs + 30_000,
      });
      expect(claims.map(textOf)).toEqual(claims.map(() => '{"model":"demo"}'));
      const rest = await queue.claim(wanted(10));
      expect(order(rest)).toEqual([2, 5, 3, 0]);
      expect(await queue.claim(wanted(10))).toEqual([]);
      await queue.close();
    });

    test('a tenant that comes late is served beside one that floods, by their weights', async (context) => {
      const { queue } = await open(context);
      await queue.submit(Array.from({ length: 200 }, () => newTask({ tenant: 'flood' })));
      await queue.claim(wanted(20));
      await queue.submit(Array.from({ length: 40 }, () => newTask({ tenant: 'late', stride: 0.5 })));
      const claims = await queue.claim(wanted(30));
      const late = claims.filter(({ tenant }) => tenant === 'late').length;
      // Twice the weight, twice the work; the bound allows one task of each.
      expect(late).toBeGreaterThanOrEqual(19);
      expect(late).toBeLessThanOrEqual(21);
      await queue.close();
    });

    test('a task that comes back takes its turn behind what its tenant has waiting', async (context) => {
      const { queue } = await open(context);
      const tasks = [newTask(), newTask(), newTask()];
      await queue.submit(tasks);
      const task = await claimOne(queue);
      await queue.settle([{ task, outcome: { kind: 'faulted', fault, retryAtMs: startMs } }]);
      const ids = (await queue.claim(wanted(9))).map(({ id }) => id);
      expect(ids).toEqual([tasks[1]?.id, tasks[2]?.id, tasks[0]?.id]);
      await queue.close();
    });

    test('turns go on after a restart', async (context) => {
      const { queue, time } = await open(context);
      const reopen = subject.reopen ?? (() => context.skip('this one keeps nothing'));
      await queue.submit(Array.from({ length: 20 }, () => newTask({ tenant: 'flood' })));
      await queue.claim(wanted(10));
      await queue.close();
      const again = await reopen(time);
      await again.submit([newTask({ tenant: 'flood' }), newTask({ tenant: 'late' })]);
      const order = (await again.claim(wanted(20))).map(({ tenant }) => tenant);
      expect(order.indexOf('late')).toBeLessThanOrEqual(1);
      expect(order).toHaveLength(12);
      await again.close();
    });

    test('a tenant has no more running than it may, holds nobody up, and goes on in its order', async (context) => {
      const { limits } = limitsOf();
      const { queue } = await open(context, limits);
      const mine = Array.from({ length: 30 }, () => newTask({ tenant: 'few' }));
      await queue.submit(mine);
      await queue.submit(Array.from({ length: 5 }, () => newTask({ tenant: 'other' })));
      const first = await queue.claim(wanted(10));
      expect([ofFew(first).length, first.length]).toEqual([2, 7]);
      expect(await queue.claim(wanted(10))).toEqual([]);
      expect(await one(queue, mine[5]?.id ?? '')).toMatchObject({ state: 'queued', attempt: 0 });
      const done: string[] = [];
      for (let running = ofFew(first); running.length > 0;) {
        const [task] = running;
        if (task) await queue.settle([{ task, outcome: { kind: 'succeeded', output: answer('1') } }]);
        done.push(task?.id ?? '');
        const next = await queue.claim(wanted(10));
        running = [...running.slice(1), ...next];
        expect(running.length).toBeLessThanOrEqual(2);
      }
      expect(done).toEqual(mine.map(({ id }) => id));
      await queue.close();
    });

    test('claims at the same time keep a tenant to what it may have running', async (context) => {
      const { limits } = limitsOf();
      const { queue } = await open(context, limits);
      await queue.submit(Array.from({ length: 40 }, () => newTask({ tenant: 'few' })));
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, at) => queue.claim(wanted(3, { worker: `w${at}` }))),
      );
      expect(claims.flat()).toHaveLength(2);
      await queue.close();
    });

    test('what is parked can be cancelled, and is let go when the limit is lifted or a task is lost', async (context) => {
      const told = limitsOf();
      const { queue, time } = await open(context, told.limits);
      const tasks = Array.from({ length: 6 }, () => newTask({ tenant: 'few' }));
      await queue.submit(tasks);
      expect(await queue.claim(wanted(9))).toHaveLength(2);
      expect(await queue.steer(tasks[2]?.id ?? '', 'cancelled')).toMatchObject({ state: 'cancelled' });
      time.now += 30_000;
      await queue.tend();
      await queue.tend();
      // Both have lost their leases and have taken new turns behind the parked ones.
      expect((await queue.claim(wanted(9))).map(({ id }) => id)).toEqual([tasks[3]?.id, tasks[4]?.id]);
      told.few = undefined;
      time.now += 1000;
      await queue.tend();
      expect((await queue.claim(wanted(9))).length).toBe(3);
      await queue.close();
    });

    test('claims at the same time never get the same task', async (context) => {
      const { queue } = await open(context);
      await queue.submit(Array.from({ length: 200 }, () => newTask()));
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, at) => queue.claim(wanted(7, { worker: `w${at}` }))),
      );
      const ids = claims.flat().map((task) => task.id);
      expect(ids).toHaveLength(200);
      expect(new Set(ids).size).toBe(200);
      await queue.close();
    });

    test('keeps lanes apart', async (context) => {
      const { queue } = await open(context);
      await queue.submit([newTask({ lane: 'webhook' }), newTask()]);
      expect((await queue.claim(wanted(9))).map((task) => task.lane)).toEqual(['request']);
      expect((await queue.claim(wanted(9, { lane: 'webhook' }))).map((task) => task.lane)).toEqual([
        'webhook',
      ]);
      await queue.close();
    });

    test('a task runs to its end, which is kept with its answer', async (context) => {
      const { queue, time } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id })]);
      const task = await claimOne(queue);
      time.now += 10_000;
      const progress = { chunks: 3, bytes: 120 };
      expect(await queue.beat([{ id, token: task.token, worker: 'w1', leaseMs: 30_000, progress }])).toEqual([
        true,
      ]);
      expect(await one(queue, id)).toMatchObject({
        state: 'running',
        progress,
        leaseUntilMs: time.now + 30_000,
      });
      time.now += 5000;
      expect(
        await queue.settle([{ task, outcome: { kind: 'succeeded', output: answer('{"ok":true}') } }]),
      ).toEqual([true]);
      const done = await one(queue, id);
      expect(done).toMatchObject({ state: 'succeeded', endedAtMs: time.now, output: answer('{"ok":true}') });
      expect(done.trail).toEqual([
        { attempt: 1, worker: 'w1', startedAtMs: startMs, endedAtMs: time.now, outcome: 'succeeded' },
      ]);
      expect(done.worker).toBeUndefined();
      await queue.close();
    });

    test('a worker that has lost its lease cannot write, and the next token is higher', async (context) => {
      const { queue, time } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id })]);
      const first = await claimOne(queue);
      time.now += 30_000;
      await queue.tend();
      const second = await claimOne(queue, { worker: 'w2' });
      expect(second).toMatchObject({ id, token: 2, attempt: 2, worker: 'w2' });
      const late = { kind: 'succeeded', output: answer('late') } as const;
      expect(await queue.beat([{ id, token: first.token, worker: 'w1', leaseMs: 30_000 }])).toEqual([false]);
      expect(await queue.settle([{ task: first, outcome: late }])).toEqual([false]);
      expect(await one(queue, id)).toMatchObject({ state: 'leased', token: 2, worker: 'w2' });
      expect(
        await queue.settle([{ task: second, outcome: { kind: 'succeeded', output: answer('mine') } }]),
      ).toEqual([true]);
      expect(await queue.settle([{ task: second, outcome: late }])).toEqual([false]);
      expect((await one(queue, id)).output).toEqual(answer('mine'));
      expect((await one(queue, id)).trail.map((each) => each.fault?.code)).toEqual(['lease_lost', undefined]);
      await queue.close();
    });

    test('a claim that a crash of the disk made forgotten cannot write beside the one that followed it', async (context) => {
      const { queue } = await open(context);
      await queue.submit([newTask()]);
      const task = await claimOne(queue, { worker: 'w2' });
      const forgotten = { ...task, worker: 'w1' };
      const outcome = { kind: 'succeeded', output: answer('twice') } as const;
      expect(await queue.beat([{ id: task.id, token: 1, worker: 'w1', leaseMs: 1000 }])).toEqual([false]);
      expect(await queue.settle([{ task: forgotten, outcome }])).toEqual([false]);
      expect(await queue.settle([{ task, outcome }])).toEqual([true]);
      await queue.close();
    });

    test('tries again later, and is dead once its attempts are spent; a replay begins anew', async (context) => {
      const { queue, time } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id, attemptsMax: 2 })]);
      const outcome = () => ({ kind: 'faulted', fault, retryAtMs: time.now + 1000 }) as const;
      await queue.settle([{ task: await claimOne(queue), outcome: outcome() }]);
      await queue.tend();
      expect(await queue.claim(wanted(1))).toEqual([]);
      time.now += 1000;
      await queue.tend();
      await queue.settle([{ task: await claimOne(queue), outcome: outcome() }]);
      expect(inShort(await one(queue, id))).toMatchObject({
        state: 'dead',
        why: 'replica_failed',
        endedAtMs: time.now,
        trail: ['1 put-back replica_failed', '2 failed replica_failed'],
      });
      const again = await queue.steer(id, 'replayed');
      expect(again).toMatchObject({ state: 'queued', attempt: 0 });
      expect(await claimOne(queue)).toMatchObject({ id, attempt: 1, token: 3 });
      await queue.close();
    });

    test('what is begun anew has the time it had at first, however often', async (context) => {
      const { queue, time } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id, expiresAtMs: startMs + 60_000 })]);
      for (let round = 1; round <= 3; round += 1) {
        time.now += 600_000;
        await queue.steer(id, 'cancelled');
        await queue.steer(id, 'replayed');
        expect(await one(queue, id)).toMatchObject({ state: 'queued', expiresAtMs: time.now + 60_000 });
      }
      await queue.close();
    });

    test('every end is told by itself, also of ends in the same moment', async (context) => {
      const { queue } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id, webhook: 'https://example.com/hook' })]);
      const steps = ['cancelled', 'replayed', 'cancelled', 'replayed', 'cancelled'] as const;
      await Promise.all(steps.map((step) => queue.steer(id, step)));
      for (const step of steps) await queue.steer(id, step);
      const told = await queue.list({ lane: 'webhook', limit: 100 });
      expect(told.length).toBeGreaterThan(2);
      expect(new Set(told.map((each) => each.id)).size).toBe(told.length);
      await queue.close();
    });

    test('what was given back without being begun costs no attempt', async (context) => {
      const { queue, time } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id, attemptsMax: 1 })]);
      for (let round = 1; round <= 3; round += 1) {
        const task = await claimOne(queue);
        await queue.settle([{ task, outcome: { kind: 'postponed', fault, retryAtMs: time.now } }]);
        expect(inShort(await one(queue, id))).toMatchObject({
          state: 'queued',
          attempt: 0,
          postponed: round,
          trail: [],
        });
      }
      await queue.close();
    });

    test('what was refused has failed, with what was said', async (context) => {
      const { queue } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id })]);
      const output = { ...answer('{"error":{}}'), status: 400 };
      await queue.settle([{ task: await claimOne(queue), outcome: { kind: 'refused', fault, output } }]);
      expect(await one(queue, id)).toMatchObject({ state: 'failed', fault, output });
      await queue.close();
    });

    test('can be cancelled until it has ended; the worker hears of it and cannot write', async (context) => {
      const { queue } = await open(context);
      const [waiting, running, done] = [
        newTask(),
        newTask({ priority: 'critical' }),
        newTask({ priority: 'critical' }),
      ];
      await queue.submit([done]);
      await queue.settle([
        { task: await claimOne(queue), outcome: { kind: 'succeeded', output: answer('1') } },
      ]);
      await queue.submit([waiting, running]);
      const task = await claimOne(queue);
      expect(task.id).toBe(running.id);
      expect(await queue.steer(waiting.id, 'cancelled')).toMatchObject({ state: 'cancelled' });
      expect(await queue.steer(running.id, 'cancelled')).toMatchObject({ state: 'cancelled' });
      expect(await queue.steer(done.id, 'cancelled')).toMatchObject({ state: 'succeeded' });
      expect(await queue.steer(done.id, 'replayed')).toMatchObject({ state: 'succeeded' });
      expect(await queue.steer('task_none', 'cancelled')).toBeUndefined();
      expect(await queue.beat([{ id: task.id, token: task.token, worker: 'w1', leaseMs: 1000 }])).toEqual([
        false,
      ]);
      expect(await queue.settle([{ task, outcome: { kind: 'succeeded', output: answer('2') } }])).toEqual([
        false,
      ]);
      expect(await queue.claim(wanted(9))).toEqual([]);
      await queue.close();
    });

    test('a delayed task waits for its time, and one whose deadline passes has expired', async (context) => {
      const { queue, time } = await open(context);
      const late = newTask({ dueAtMs: startMs + 5000 });
      const brief = newTask({ expiresAtMs: startMs + 7000 });
      await queue.submit([late, brief]);
      const task = await claimOne(queue, { leaseMs: hour });
      expect(task.id).toBe(brief.id);
      time.now += 4999;
      await queue.tend();
      expect(await queue.claim(wanted(1))).toEqual([]);
      time.now += 1;
      await queue.tend();
      expect(await claimOne(queue)).toMatchObject({ id: late.id });
      time.now += 2000;
      await queue.tend();
      expect(await one(queue, brief.id)).toMatchObject({
        state: 'expired',
        fault: { code: 'deadline_exceeded' },
      });
      expect(await queue.settle([{ task, outcome: { kind: 'succeeded', output: answer('late') } }])).toEqual([
        false,
      ]);
      await queue.close();
    });

    test('is gone after its keeping time, and tells which blobs nobody needs any more', async (context) => {
      const { queue, time } = await open(context);
      const { id } = newTask();
      await queue.submit([newTask({ id, input: { kind: 'blob', digest: digest('a'), sizeBytes: 1 } })]);
      const payload = { kind: 'blob', digest: digest('b'), sizeBytes: 2 } as const;
      const output = { ...answer(''), payload };
      await queue.settle([{ task: await claimOne(queue), outcome: { kind: 'succeeded', output } }]);
      time.now += hour - 1;
      expect(await queue.tend()).toMatchObject({ dropped: [] });
      time.now += 1;
      expect((await queue.tend()).dropped.toSorted()).toEqual([digest('a'), digest('b')]);
      expect(await queue.get([id])).toEqual([]);
      expect(await queue.counts()).toEqual([]);
      await queue.close();
    });

    test('files and marks are over as they come: kept, told of in lists, forgotten when somebody says so', async (context) => {
      const { queue, time } = await open(context);
      const parts = [digest('a'), digest('b')].map((each) => ({ digest: each, sizeBytes: 4 }));
      const file = newTask({ lane: 'file', input: { kind: 'parts', parts, sizeBytes: 8 } });
      const mark = newTask({ lane: 'mark' });
      const work = newTask();
      await queue.submit([file, mark, work]);
      expect(await one(queue, file.id)).toMatchObject({ ...file, state: 'succeeded', endedAtMs: startMs });
      expect(await queue.claim(wanted(9, { lane: 'file' }))).toEqual([]);
      expect(await queue.list({ lane: 'file', limit: 9 })).toMatchObject([{ input: file.input }]);
      expect(await queue.steer(work.id, 'forgotten')).toMatchObject({ state: 'queued', keepMs: work.keepMs });
      time.now += 1000;
      const keepUntilMs = startMs + 2 * hour;
      expect(await queue.steer(work.id, { keepUntilMs })).toMatchObject({ keepMs: work.keepMs });
      expect(await queue.steer(file.id, { keepUntilMs })).toMatchObject({ keepMs: 2 * hour });
      expect(await queue.steer(file.id, { keepUntilMs: startMs + 1 })).toMatchObject({ keepMs: 2 * hour });
      expect(await one(queue, file.id)).toMatchObject({ keepMs: 2 * hour, input: file.input });
      await queue.steer(file.id, 'forgotten');
      expect((await queue.steer(file.id, { keepUntilMs }))?.keepMs).toBe(1000);
      expect((await queue.tend()).dropped.toSorted()).toEqual([digest('a'), digest('b')]);
      expect(await queue.get([file.id])).toEqual([]);
      time.now = startMs + hour;
      await queue.tend();
      expect(await queue.get([mark.id])).toEqual([]);
      await queue.close();
    });

    test('an idempotency key brings the same task again, whoever asks at the same time', async (context) => {
      const { queue } = await open(context);
      const keyed = (given: Partial<NewTask> = {}) =>
        newTask({ idempotencyKey: 'k1', fingerprint: 'f1', ...given });
      const answers = (await Promise.all(Array.from({ length: 20 }, () => queue.submit([keyed()])))).flat();
      expect(new Set(answers.map(({ task }) => task.id)).size).toBe(1);
      expect(answers.filter(({ fresh }) => fresh)).toHaveLength(1);
      await expect(queue.submit([newTask(), keyed({ fingerprint: 'f2' })])).rejects.toMatchObject({
        problem: { code: 'idempotency_conflict' },
      });
      expect(await queue.submit([keyed({ tenant: 'other' })])).toMatchObject([{ fresh: true }]);
      const twice = await queue.submit([keyed({ idempotencyKey: 'k2' }), keyed({ idempotencyKey: 'k2' })]);
      expect(twice.map(({ fresh }) => fresh)).toEqual([true, false]);
      expect(await queue.known('default', ['k1', 'k2', 'k9'])).toEqual(new Set(['k1', 'k2']));
      expect(await queue.known('nobody', ['k1'])).toEqual(new Set());
      const mixed = [newTask(), keyed({ idempotencyKey: 'k3' })];
      const other = keyed({ idempotencyKey: 'k3', fingerprint: 'f2' });
      await expect(queue.submit([...mixed, other])).rejects.toMatchObject({
        problem: { code: 'idempotency_conflict' },
      });
      expect((await queue.list({ lane: 'request', limit: 100 })).length).toBe(3);
      await queue.close();
    });

    test('an end with a webhook brings forth its delivery, in the same step and once', async (context) => {
      const { queue, time } = await open(context);
      const webhook = 'https://example.com/hook';
      const [good, stopped, brief] = [
        newTask({ webhook, priority: 'critical' }),
        newTask({ webhook }),
        newTask({ webhook, expiresAtMs: startMs + 1 }),
      ];
      await queue.submit([good, stopped, brief]);
      const task = await claimOne(queue);
      await queue.settle([{ task, outcome: { kind: 'succeeded', output: answer('1') } }]);
      await queue.settle([{ task, outcome: { kind: 'succeeded', output: answer('1') } }]);
      await queue.steer(stopped.id, 'cancelled');
      time.now += 1;
      await queue.tend();
      await queue.tend();
      const deliveries = await queue.claim(wanted(9, { lane: 'webhook' }));
      expect(deliveries.map(textOf).toSorted()).toEqual([good.id, stopped.id, brief.id].toSorted());
      expect(deliveries.map(({ endpoint }) => endpoint)).toEqual([webhook, webhook, webhook]);
      await queue.close();
    });

    test('lists newest first, page by page, by what is asked for', async (context) => {
      const { queue, time } = await open(context);
      const tasks: NewTask[] = [];
      for (let at = 0; at < 10; at += 1) {
        const task = newTask({ tenant: at % 2 ? 'b' : 'a', model: at < 5 ? 'old' : 'new' });
        tasks.push(task);
        await queue.submit([task]);
        time.now += 1000;
      }
      const ids = tasks.map(({ id }) => id).toReversed();
      const list = async (query: object) =>
        (await queue.list({ lane: 'request', limit: 100, ...query })).map(({ id }) => id);
      expect(await list({})).toEqual(ids);
      expect(await list({ limit: 4 })).toEqual(ids.slice(0, 4));
      expect(await list({ limit: 4, before: ids[3] })).toEqual(ids.slice(4, 8));
      expect(await list({ tenant: 'a', model: 'old' })).toEqual(
        [tasks[4], tasks[2], tasks[0]].map((task) => task?.id),
      );
      expect(await list({ fromMs: startMs + 2000, untilMs: startMs + 4000 })).toEqual(
        [tasks[3], tasks[2]].map((task) => task?.id),
      );
      expect(await list({ tenant: 'b', fromMs: startMs + 4000, limit: 2 })).toEqual(
        [tasks[9], tasks[7]].map((task) => task?.id),
      );
      expect(await list({ tenant: 'nobody' })).toEqual([]);
      await queue.steer(tasks[7]?.id ?? '', 'cancelled');
      expect(await list({ state: 'cancelled' })).toEqual([tasks[7]?.id]);
      expect((await queue.list({ lane: 'request', limit: 1 }))[0]?.input).toEqual({
        kind: 'inline',
        bytes: new Uint8Array(0),
      });
      const counts = (await queue.counts()).map(
        ({ tenant, model, state, count }) => `${tenant} ${model} ${state} ${count}`,
      );
      expect(counts.toSorted()).toEqual([
        'a new queued 2',
        'a old queued 3',
        'b new cancelled 1',
        'b new queued 2',
        'b old queued 2',
      ]);
      await queue.close();
    });

    test('hints tell of what is ready and what has changed', async (context) => {
      const { queue } = await open(context);
      const heard: TaskHint[] = [];
      const stop = queue.watch((hint) => heard.push(hint));
      const { id } = newTask();
      await queue.submit([newTask({ id })]);
      await expect.poll(() => heard).toContainEqual({ kind: 'ready', lane: 'request' });
      heard.length = 0;
      await queue.steer(id, 'cancelled');
      await expect.poll(() => heard).toContainEqual({ kind: 'changed', id, state: 'cancelled' });
      stop();
      await queue.close();
    });

    test('what was answered is there after a restart', async (context) => {
      const { queue, time } = await open(context);
      const reopen = subject.reopen ?? (() => context.skip('this one keeps nothing'));
      const [waiting, taken, done] = [
        newTask(),
        newTask({ priority: 'critical' }),
        newTask({ priority: 'critical' }),
      ];
      await queue.submit([done]);
      await queue.settle([
        { task: await claimOne(queue), outcome: { kind: 'succeeded', output: answer('1') } },
      ]);
      await queue.submit([waiting, taken]);
      const lease = await claimOne(queue);
      const before = await queue.get([waiting.id, taken.id, done.id]);
      await queue.close();
      const again = await reopen(time);
      expect(byId(await again.get([waiting.id, taken.id, done.id]))).toEqual(byId(before));
      expect(
        await again.settle([{ task: lease, outcome: { kind: 'succeeded', output: answer('2') } }]),
      ).toEqual([true]);
      expect(await claimOne(again)).toMatchObject({ id: waiting.id });
      await again.close();
    });

    test(
      'does what the reference in memory does, whatever comes in whatever order',
      { timeout: 120_000 },
      async (context) => {
        if (subject.skip !== undefined) context.skip(subject.skip);
        await fc.assert(
          fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
            const time = timeAt();
            const reference = createMemoryQueue({ clock: time, turns: createTaskTurns() });
            const queue = await subject.open(time);
            const tasks = Array.from({ length: 5 }, (_, at) => newTask({ id: `task_${at}`, ...shapes[at] }));
            const said = (tested: TaskQueue) => createStory(tested, { time, tasks });
            const [ours, theirs] = [said(queue), said(reference)];
            for (const step of steps) {
              if (step.verb === 'wait') time.now += step.ms;
              expect({ step, ...(await ours(step)) }).toEqual({ step, ...(await theirs(step)) });
            }
            await queue.close();
          }),
          { numRuns: subject.runs ?? 60 },
        );
      },
    );
  });
}

/** Few tasks of different kinds, so that steps often meet. */
const shapes: readonly Partial<NewTask>[] = [
  { priority: 'critical', attemptsMax: 1 },
  { tenant: 'other', stride: 3, webhook: 'https://example.com/1' },
  { dueAtMs: startMs + 2000, idempotencyKey: 'a', fingerprint: '1' },
  { expiresAtMs: startMs + 6000, idempotencyKey: 'a', fingerprint: '1' },
  { priority: 'batch', keepMs: 3000, webhook: 'https://example.com/2' },
];

type Step =
  | { readonly verb: 'submit'; readonly at: number }
  | { readonly verb: 'cancel' | 'replay'; readonly at: number }
  | { readonly verb: 'claim'; readonly count: number }
  | { readonly verb: 'beat' | 'succeed' | 'refuse' | 'fault' | 'postpone'; readonly at: number }
  | { readonly verb: 'wait'; readonly ms: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ verb: fc.constantFrom('submit' as const), at: fc.nat(4) }),
  fc.record({ verb: fc.constantFrom('submit' as const), at: fc.nat(4) }),
  fc.record({ verb: fc.constantFrom('cancel' as const, 'replay' as const), at: fc.nat(4) }),
  fc.record({ verb: fc.constant('claim' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ verb: fc.constant('claim' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    verb: fc.constantFrom(
      'beat' as const,
      'succeed' as const,
      'refuse' as const,
      'fault' as const,
      'postpone' as const,
    ),
    at: fc.nat(4),
  }),
  fc.record({ verb: fc.constant('wait' as const), ms: fc.constantFrom(1, 999, 1000, 2500) }),
);

/** Tells a queue one step of the story and says what can be seen afterwards. */
function createStory(queue: TaskQueue, world: { time: QueueTime; tasks: readonly NewTask[] }) {
  const held: Task[] = [];
  const { time } = world;
  const retryAtMs = () => time.now + 1000;
  const outcomes = {
    succeed: () => ({ kind: 'succeeded', output: answer('done') }) as const,
    refuse: () => ({ kind: 'refused', fault }) as const,
    fault: () => ({ kind: 'faulted', fault, retryAtMs: retryAtMs() }) as const,
    postpone: () => ({ kind: 'postponed', fault, retryAtMs: retryAtMs() }) as const,
  };
  const given = (at: number): NewTask => world.tasks[at] ?? newTask();
  async function submit(task: NewTask): Promise<unknown> {
    // The same id twice is no story that can happen.
    if ((await queue.get([task.id])).length > 0) return [];
    return (await queue.submit([task])).map((each) => [each.task.id, each.fresh]);
  }
  async function claim(count: number): Promise<unknown> {
    const claims = await queue.claim(wanted(count, { leaseMs: 2000 }));
    held.push(...claims);
    return claims.map(inShort);
  }
  async function report(verb: 'beat' | keyof typeof outcomes, at: number): Promise<unknown> {
    const task = held[at % Math.max(1, held.length)];
    if (task === undefined) return undefined;
    if (verb === 'beat') return queue.beat([{ id: task.id, token: task.token, worker: 'w1', leaseMs: 2000 }]);
    return queue.settle([{ task, outcome: outcomes[verb]() }]);
  }
  async function act(step: Step): Promise<unknown> {
    if (step.verb === 'wait') return (await queue.tend()).dropped;
    if (step.verb === 'claim') return claim(step.count);
    if (step.verb === 'submit') return submit(given(step.at));
    if (step.verb === 'cancel') return (await queue.steer(given(step.at).id, 'cancelled'))?.state;
    if (step.verb === 'replay') return (await queue.steer(given(step.at).id, 'replayed'))?.state;
    return report(step.verb, step.at);
  }
  return async (step: Step) => {
    const said = await act(step);
    const tasks = (await queue.get(world.tasks.map(({ id }) => id))).toSorted((a, b) =>
      a.id < b.id ? -1 : 1,
    );
    const counts = (await queue.counts()).map(
      (each) => `${each.lane} ${each.tenant} ${each.model} ${each.state} ${each.count}`,
    );
    const listed = (await queue.list({ lane: 'webhook', limit: 100 })).map(inShort);
    return { said, tasks, counts: counts.toSorted(), listed };
  };
}
