import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTaskTurns } from '../../test/conformance/turns.ts';
import { taskAt } from '../../test/world/task-at.ts';
import { createEventfulQueue } from './eventful.ts';
import { createSqliteQueue } from './sqlite/index.ts';

const nowMs = Date.UTC(2026, 10, 27, 10);
const clock = { nowMs: () => nowMs };

describe('a queue that tells of every request', () => {
  it('takes one again that is known under the same id, and tells of it once', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'millrace-eventful-'));
    const plain = await createSqliteQueue({ path: join(dir, 'tasks.db'), clock, turns: createTaskTurns() });
    const [arrivals, ends] = ['kafka:news?event=queued', 'kafka:news?event=ended'];
    const queue = createEventfulQueue(plain, { clock, arrivals, ends });
    // As the worker of a batch does after a crash.
    const line = taskAt(nowMs, { id: 'task_1_000001', idempotencyKey: 'task_1_000001' });
    expect(await queue.submit([line])).toMatchObject([{ fresh: true }]);
    expect(await queue.submit([line])).toMatchObject([{ fresh: false, task: { id: line.id } }]);
    expect(await queue.list({ lane: 'message', limit: 9 })).toHaveLength(1);
    await queue.close();
    rmSync(dir, { recursive: true });
  });
});
