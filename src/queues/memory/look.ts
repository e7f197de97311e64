import type { TaskCount, TaskQuery } from '#contracts';
import type { Task } from '#schema';

export function matches(task: Task, query: TaskQuery): boolean {
  const { lane, tenant, state, model, fromMs, untilMs, before } = query;
  const wanted = [
    task.lane === lane,
    tenant === undefined || task.tenant === tenant,
    state === undefined || task.state === state,
    model === undefined || task.model === model,
    fromMs === undefined || task.createdAtMs >= fromMs,
    untilMs === undefined || task.createdAtMs < untilMs,
    before === undefined || task.id < before,
  ];
  return wanted.every(Boolean);
}

export function countTasks(tasks: Iterable<Task>): readonly TaskCount[] {
  const counts = new Map<string, TaskCount>();
  for (const { lane, tenant, model, state } of tasks) {
    const key = JSON.stringify([lane, tenant, model, state]);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { lane, tenant, model, state, count });
  }
  return [...counts.values()];
}
