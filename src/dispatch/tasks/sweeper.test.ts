import { createTaskTurns } from './turns.ts';
import { describe, expect, it } from 'vitest';
import type { Payload } from '#schema';
import type { Log } from '#contracts';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { taskAt } from '../../../test/world/task-at.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { createPayloads } from './payloads.ts';
import { createSweeper } from './sweeper.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const hourMs = 3_600_000;
const large = new Uint8Array(100_000);

function createWorld() {
  const clock = createVirtualClock();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const blobs = createMemoryBlobs();
  const payloads = createPayloads({ blobs, rng: createSeededRng(), clock });
  const sweeper = createSweeper({ queue, blobs, clock, log: silent });
  sweeper.start();
  async function submit(id: string, input: Payload): Promise<void> {
    const nowMs = clock.nowMs();
    const lives = 500 * hourMs;
    await queue.submit([taskAt(nowMs, { id, expiresAtMs: nowMs + lives, keepMs: lives, input })]);
  }
  const count = async () => (await blobs.list()).length;
  return { clock, queue, blobs, payloads, sweeper, submit, count };
}

describe('the blobs of tasks', () => {
  it('that a crash left without a task go after a day; those of tasks stay', async () => {
    const { clock, payloads, submit, count, queue } = createWorld();
    await submit('kept', await payloads.keep(large, 'kept'));
    await payloads.keep(large, 'never-submitted');
    const parts = payloads.gather('file');
    await parts.add(large);
    await submit('file', await parts.end());
    await clock.advance(24 * hourMs);
    expect(await count()).toBe(3);
    await clock.advance(3 * hourMs);
    expect(await count()).toBe(2);
    const [kept] = await queue.get(['kept']);
    expect(kept && (await payloads.load(kept.input))).toEqual(large);
  });

  it('that a task put away and never came to own go once it has ended, not before', async () => {
    const { clock, queue, payloads, submit, count } = createWorld();
    await submit('a', { kind: 'inline', bytes: new Uint8Array(0) });
    await payloads.keep(large, 'a');
    await clock.advance(100 * hourMs);
    expect(await count()).toBe(1);
    await queue.steer('a', 'cancelled');
    await clock.advance(3 * hourMs);
    expect(await count()).toBe(0);
  });

  it('are left alone where they say nothing of themselves, or the queue cannot be asked', async () => {
    const { clock, queue, blobs, payloads, count } = createWorld();
    await blobs.begin({ id: 'u', sizeBytes: 3 });
    await blobs.write(
      'u',
      0,
      (async function* () {
        yield new Uint8Array(3);
      })(),
    );
    await blobs.commit('u');
    await payloads.keep(large, 'gone');
    const get = queue.get.bind(queue);
    Object.assign(queue, { get: () => Promise.reject(new Error('away')) });
    await clock.advance(48 * hourMs);
    expect(await count()).toBe(2);
    Object.assign(queue, { get });
    await clock.advance(3 * hourMs);
    expect(await count()).toBe(1);
  });
});
