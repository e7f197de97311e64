import { expect, it } from 'vitest';
import { problem, taskIdFrom, type TaskLane } from '#schema';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { taskAt } from '../../../test/world/task-at.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { decideOutcome } from './outcome.ts';
import { createPayloads } from './payloads.ts';
import { createTaskTurns } from './turns.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 10, 27, 10);

/** A task whose end is to be told to somebody who is away; when each try came, from its end on. */
async function triesToTell(lane: TaskLane, webhook: string): Promise<readonly number[]> {
  const time = { now: startMs };
  const clock = { ...createVirtualClock(), nowMs: () => time.now };
  const rng = createSeededRng();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const deps = { payloads: createPayloads({ blobs: createMemoryBlobs(), rng, clock }), clock, rng };
  const id = `${taskIdFrom(startMs)}1`;
  const times = { expiresAtMs: startMs + hourMs, keepMs: 999 * hourMs, attemptsMax: 1 };
  await queue.submit([taskAt(startMs, { id, endpoint: '/v1/embeddings', ...times, webhook })]);
  const [work] = await queue.claim({ lane: 'request', count: 1, leaseMs: 1000, worker: 'w' });
  const fault = { code: 'invalid_request', message: 'It cannot be.' };
  if (work) await queue.settle([{ task: work, outcome: { kind: 'refused', fault } }]);
  const tries: number[] = [];
  for (;;) {
    const [task] = await queue.claim({ lane, count: 1, leaseMs: 1000, worker: 'w' });
    if (task === undefined) return tries;
    tries.push(time.now - startMs);
    const away = { kind: 'faulted', problem: problem('source_unavailable') } as const;
    await queue.settle([{ task, outcome: await decideOutcome(deps, task, away) }]);
    time.now = (await queue.get([task.id]))[0]?.dueAtMs ?? time.now;
    await queue.tend();
  }
}

it('a webhook that is away is told for three days, at last about once an hour', async () => {
  const tries = await triesToTell('webhook', 'https://example.com/hook');
  expect(tries.filter((ms) => ms < hourMs).length).toBeGreaterThan(7);
  expect(tries.at(-1)).toBeGreaterThan(70 * hourMs);
  const gaps = tries.slice(1).map((ms, at) => ms - (tries[at] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(hourMs);
});

it('a topic whose broker is away is told within minutes of its return, for three days', async () => {
  const tries = await triesToTell('message', 'kafka:results');
  expect(tries.at(-1)).toBeGreaterThan(71 * hourMs);
  const gaps = tries.slice(1).map((ms, at) => ms - (tries[at] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(300_000);
});
