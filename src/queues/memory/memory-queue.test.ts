import { createTaskTurns } from '../../../test/conformance/turns.ts';
import { testTaskQueue } from '../../../test/conformance/task-queue.ts';
import { createMemoryQueue } from './index.ts';

testTaskQueue({
  name: 'memory',
  open: async (clock, limits) => createMemoryQueue({ clock, limits, turns: createTaskTurns() }),
  runs: 5,
});
