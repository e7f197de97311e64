import { expect, it } from 'vitest';
import { problem, taskIdFrom, type Task } from '#schema';
import type { Letter } from '#contracts';
import { createTaskTurns, createWebhookWork } from '#dispatch';
import { createMemoryQueue } from '#queues/memory';
import { taskAt } from '../../../test/world/task-at.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { newsOf } from './news.ts';

it('the end of a task is not told any more while it is being replayed: only ends are', async () => {
  const clock = createVirtualClock();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const told: Letter[] = [];
  const courier = {
    deliver: async (letter: Letter) => {
      told.push(letter);
      return Promise.resolve({ kind: 'delivered', status: 200 } as const);
    },
    close: async () => Promise.resolve(),
  };
  const work = createWebhookWork({ queue, courier, tell: newsOf });
  async function claim(lane: 'request' | 'webhook'): Promise<Task> {
    const [task] = await queue.claim({ lane, count: 1, leaseMs: 1000, worker: 'w' });
    if (task === undefined) throw new Error('There is nothing to claim.');
    return task;
  }
  const nowMs = clock.nowMs();
  const id = `${taskIdFrom(nowMs)}1`;
  const webhook = 'https://example.com/hook';
  await queue.submit([taskAt(nowMs, { id, attemptsMax: 1, webhook })]);
  const fault = problem('replica_failed');
  await queue.settle([{ task: await claim('request'), outcome: { kind: 'refused', fault } }]);
  const delivery = await claim('webhook');
  const input = new TextEncoder().encode(id);
  const deliver = (): Promise<string> =>
    new Promise((resolve) => {
      work(delivery, input, { progressed: () => undefined, ended: ({ kind }) => resolve(kind) });
    });
  expect(await deliver()).toBe('succeeded');
  expect(JSON.parse(told[0]?.text ?? '')).toMatchObject({ type: 'task.failed', data: { task_id: id } });
  await queue.steer(id, 'replayed');
  expect(await deliver()).toBe('refused');
  expect(told).toHaveLength(1);
});
