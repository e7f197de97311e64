import { afterAll } from 'vitest';
import { noPostgres, testPostgres } from '../../../test/conformance/postgres-server.ts';
import { testTaskQueue } from '../../../test/conformance/task-queue.ts';
import { createPostgresQueue } from './index.ts';

const server = noPostgres === undefined ? await testPostgres() : undefined;
afterAll(() => server?.stop());

let counter = 0;
const open = (clock: { nowMs(): number }) =>
  createPostgresQueue({
    url: server?.url ?? '',
    schema: `test_${process.pid}_${counter}`,
    clock: { nowMs: () => clock.nowMs(), monotonicMs: () => performance.now() },
    origin: 'test',
  });

testTaskQueue({
  name: 'postgres',
  skip: noPostgres,
  open: async (clock) => {
    counter += 1;
    return open(clock);
  },
  reopen: open,
  runs: 30,
});
