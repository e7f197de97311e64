import type { Task } from '#schema';
import { viewOf } from './view.ts';

/**
 * What a webhook is told: the event's name, its time, and the task as `GET /v1/tasks/{id}` shows it. Nothing of one that
 * is being replayed: it has no end any more, and the one it will have is told by itself.
 */
export function newsOf(task: Task): string | undefined {
  const { endedAtMs } = task;
  if (endedAtMs === undefined) return undefined;
  const timestamp = new Date(endedAtMs).toISOString();
  return JSON.stringify({ type: `task.${task.state}`, timestamp, data: viewOf(task, endedAtMs) });
}

/** The same of a task that was handed in; `data` shows how it stands by now. */
export function arrivalNewsOf(task: Task): string {
  const timestamp = new Date(task.createdAtMs).toISOString();
  return JSON.stringify({ type: 'task.queued', timestamp, data: viewOf(task, task.createdAtMs) });
}
