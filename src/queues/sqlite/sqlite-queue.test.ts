import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createTaskTurns } from '../../../test/conformance/turns.ts';
import { testTaskQueue } from '../../../test/conformance/task-queue.ts';
import { createSqliteQueue } from './index.ts';

const dir = mkdtempSync(join(tmpdir(), 'millrace-queue-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let counter = 0;
const path = () => join(dir, `tasks-${counter}.db`);

testTaskQueue({
  name: 'sqlite',
  open: async (clock, limits) => {
    counter += 1;
    return createSqliteQueue({ path: path(), clock, limits, turns: createTaskTurns() });
  },
  reopen: async (clock) => createSqliteQueue({ path: path(), clock, turns: createTaskTurns() }),
});
