import type { IncomingMessage } from 'node:http';
import { problem } from '#schema';
import type { Result } from '#contracts';

/** Milliseconds from `x-deadline-ms`; undefined when absent. */
export function readDeadline(request: IncomingMessage): Result<number | undefined> {
  const text = request.headers['x-deadline-ms'];
  const deadlineMs = text === undefined ? undefined : Number(text);
  if (deadlineMs === undefined || (deadlineMs > 0 && Number.isFinite(deadlineMs)))
    return { ok: true, value: deadlineMs };
  const message = 'x-deadline-ms must be a positive number of milliseconds.';
  return { ok: false, problem: problem('invalid_request', message, { param: 'x-deadline-ms' }) };
}

/** What travels on to the replica besides the body: flat list of names and values. */
export function onwardHeaders(requestId: string, request: IncomingMessage): string[] {
  const list = ['content-type', 'application/json', 'x-request-id', requestId];
  const { traceparent } = request.headers;
  if (typeof traceparent === 'string') list.push('traceparent', traceparent);
  return list;
}
