import { expect, it } from 'vitest';
import { taskIdFrom } from '#schema';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { taskAt } from '../../../test/world/task-at.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { createFairWork } from './fair-work.ts';
import { createTaskKeeper } from './keeper.ts';
import { createPayloads } from './payloads.ts';
import { createTaskRunner } from './runner.ts';
import { createTaskTurns } from './turns.ts';
import type { Work } from './work.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const hourMs = 3_600_000;

it('a tenant with more work than there are places keeps nobody else waiting, and all of it is done', async () => {
  const clock = createVirtualClock();
  const rng = createSeededRng();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const payloads = createPayloads({ blobs: createMemoryBlobs(), rng, clock });
  const deps = { queue, payloads, clock, rng, log: silent };
  createTaskKeeper(deps).start();
  const begun = new Map<string, number>();
  let most = 0;
  let held = 0;
  const work: Work = (task, _input, listener) => {
    begun.set(task.id, clock.nowMs());
    if (task.tenant === 'many') most = Math.max(most, (held += 1));
    return clock.setTimer(hourMs, () => {
      if (task.tenant === 'many') held -= 1;
      const body = new Uint8Array(0);
      listener.ended({ kind: 'succeeded', reply: { status: 200, contentType: '', model: '', body } });
    });
  };
  const fair = createFairWork(work, 4);
  const options = { lane: 'batch', worker: 'w', work: fair, concurrency: 8, leaseMs: 30_000 } as const;
  createTaskRunner(deps, options).start();
  const nowMs = clock.nowMs();
  const batch = (id: string, tenant: string) =>
    taskAt(nowMs, {
      id: taskIdFrom(nowMs) + id,
      tenant,
      lane: 'batch',
      expiresAtMs: nowMs + 100 * hourMs,
      keepMs: 100 * hourMs,
    });
  await queue.submit(Array.from({ length: 20 }, (_, at) => batch(`m${at}`, 'many')));
  await clock.advance(10_000);
  await queue.submit([batch('one', 'other')]);
  await clock.advance(1000);
  expect(begun.has(`${taskIdFrom(nowMs)}one`)).toBe(true);
  await clock.advance(6 * hourMs);
  expect([most, begun.size]).toEqual([4, 21]);
  const counts = await queue.counts();
  expect(counts.every(({ state }) => state === 'succeeded')).toBe(true);
});
