import { payloadSize, type FileView, type Task } from '#schema';

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** A file as people see it. */
export function fileViewOf(file: Task): FileView {
  return {
    id: file.id,
    object: 'file',
    bytes: payloadSize(file.input),
    created_at: seconds(file.createdAtMs),
    expires_at: seconds(file.createdAtMs + file.keepMs),
    filename: file.endpoint,
    purpose: file.model,
    status: 'processed',
  };
}

/** Until it is swept away, one that is forgotten is still in the queue. */
export function isKept({ createdAtMs, keepMs }: Task, nowMs: number): boolean {
  return createdAtMs + keepMs > nowMs;
}
