import { taskIdFrom, type NewTask, type Task } from '#schema';
import type { TaskQueue } from '#contracts';
import type { Contender } from './contender.ts';

const body = new TextEncoder().encode(
  JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'x'.repeat(300) }] }),
);
let counter = 0;

export function benchTask(given: Partial<NewTask> = {}): NewTask {
  const nowMs = Date.now();
  counter += 1;
  return {
    id: `${taskIdFrom(nowMs)}${String(counter).padStart(9, '0')}`,
    lane: 'request',
    tenant: `tenant ${counter % 20}`,
    key: 'bench',
    model: `model ${counter % 5}`,
    endpoint: '/v1/chat/completions',
    priority: 'standard',
    stride: 1,
    dueAtMs: nowMs,
    expiresAtMs: nowMs + 86_400_000,
    keepMs: 86_400_000,
    attemptsMax: 5,
    input: { kind: 'inline', bytes: body },
    ...given,
  };
}

const claimed = { lane: 'request', leaseMs: 60_000, worker: 'bench' } as const;

async function settleAll(queue: TaskQueue, tasks: readonly Task[]): Promise<void> {
  const output = {
    status: 200,
    contentType: 'application/json',
    model: 'demo@1',
    payload: { kind: 'inline', bytes: body },
  } as const;
  await queue.settle(tasks.map((task) => ({ task, outcome: { kind: 'succeeded', output } })));
}

/** Claims a batch and completes the one before at the same time, as a busy worker does. */
export async function drainQueue(queue: TaskQueue, batch = 200): Promise<number> {
  let done = 0;
  let settling: Promise<void> = Promise.resolve();
  for (;;) {
    const tasks = await queue.claim({ ...claimed, count: batch });
    await settling;
    if (tasks.length === 0) return done;
    done += tasks.length;
    settling = settleAll(queue, tasks);
  }
}

/** `gateway` submits, `worker` claims: where tasks are shared these are two, as in two processes. */
export function millraceOver(name: string, queues: { gateway: TaskQueue; worker: TaskQueue }): Contender {
  const { gateway, worker } = queues;
  let unwatch: (() => void) | undefined;
  return {
    name,
    async submit() {
      await gateway.submit([benchTask()]);
    },
    async submitMany(count) {
      await gateway.submit(Array.from({ length: count }, () => benchTask()));
    },
    drain: () => drainQueue(worker),
    async work(started) {
      const pull = async (): Promise<void> => {
        const tasks = await worker.claim({ ...claimed, count: 10 });
        for (const task of tasks) started(task.model);
        if (tasks.length > 0) await settleAll(worker, tasks);
      };
      unwatch = worker.watch((hint) => {
        if (hint.kind === 'ready') void pull();
      });
    },
    async submitMarked(mark) {
      await gateway.submit([benchTask({ model: mark })]);
    },
    async stop() {
      unwatch?.();
      await gateway.close();
      if (worker !== gateway) await worker.close();
    },
  };
}
