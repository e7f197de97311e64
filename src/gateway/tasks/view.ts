import { hasEnded, type Task, type TaskView } from '#schema';

/** The last moment that has a date. A time beyond it must not hide the task, nor the list it is in. */
const lastMs = 8_640_000_000_000_000;

function at(ms: number): string {
  return new Date(Math.min(ms, lastMs)).toISOString();
}

function times(task: Task, nowMs: number): Partial<TaskView> {
  const { claimedAtMs, endedAtMs, dueAtMs, keepMs } = task;
  return {
    ...(task.state === 'queued' && dueAtMs > nowMs && { due_at: at(dueAtMs) }),
    ...(claimedAtMs !== undefined && { started_at: at(claimedAtMs) }),
    ...(endedAtMs !== undefined && { ended_at: at(endedAtMs), kept_until: at(endedAtMs + keepMs) }),
  };
}

function historyOf({ trail }: Task): TaskView['history'] {
  return trail.map(({ attempt, startedAtMs, endedAtMs, outcome, fault }) => ({
    attempt,
    started_at: at(startedAtMs),
    ended_at: at(endedAtMs),
    outcome,
    ...(fault && { error: fault }),
  }));
}

/** A task as people see it. */
export function viewOf(task: Task, nowMs: number): TaskView {
  const self = `/v1/tasks/${task.id}`;
  return {
    task_id: task.id,
    object: 'task',
    status: task.state,
    model: task.model,
    endpoint: task.endpoint,
    priority: task.priority,
    created_at: at(task.createdAtMs),
    ...times(task, nowMs),
    expires_at: at(task.expiresAtMs),
    attempts: task.attempt,
    attempts_max: task.attemptsMax,
    ...(task.progress && { progress: task.progress }),
    ...(task.fault && { error: task.fault }),
    history: historyOf(task),
    ...(task.webhook !== undefined && { webhook: task.webhook }),
    urls: { self, events: `${self}/events`, result: `${self}/result` },
  };
}

/** Whether nothing more will happen to it by itself. */
export function isOver(task: Task): boolean {
  return hasEnded(task.state);
}
