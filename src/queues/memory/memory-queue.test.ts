import { createTaskTurns } from '../../../test/conformance/turns.ts';
import { testTaskQueue } from '../../../test/conformance/task-queue.ts';
import { createMemoryQueue } from './index.ts';

testTaskQueue({
  name: 'memory',
  open: async (clock) => createMemoryQueue({ clock, turns: createTaskTurns() }),
  runs: 5,
});
