import { isPriority, priorities, problem, type Priority } from '#schema';
import type { Result } from '#contracts';

/** Reads one header of a request by its name in lower case; undefined when absent. */
export type ReadHeader = (name: string) => string | undefined;

/** What a caller asks for beside its question. */
export interface Wishes {
  /** How long it is willing to wait for the answer to begin. */
  readonly deadlineMs: number | undefined;
  readonly priority: Priority;
  readonly session: string | undefined;
}

const none: Wishes = { deadlineMs: undefined, priority: 'standard', session: undefined };
const unwished: Result<Wishes> = { ok: true, value: none };

/** Longer than any id; what is longer is cut, since it is only compared. */
export const sessionCharactersMax = 256;

function refused(param: string, message: string): Result<Wishes> {
  return { ok: false, problem: problem('invalid_request', message, { param }) };
}

function isWait(deadlineMs: number | undefined): boolean {
  return deadlineMs === undefined || (deadlineMs > 0 && Number.isFinite(deadlineMs));
}

/** Reads `x-deadline-ms`, `x-priority` and `x-session-id`. */
export function readWishes(header: ReadHeader): Result<Wishes> {
  const deadline = header('x-deadline-ms');
  const session = header('x-session-id');
  const priority = header('x-priority') ?? none.priority;
  const deadlineMs = deadline === undefined ? undefined : Number(deadline);
  if (!isWait(deadlineMs))
    return refused('x-deadline-ms', 'x-deadline-ms must be a positive number of milliseconds.');
  if (!isPriority(priority))
    return refused('x-priority', `x-priority must be one of ${priorities.join(', ')}.`);
  if (deadline === undefined && session === undefined && priority === none.priority) return unwished;
  return { ok: true, value: { deadlineMs, priority, session: session?.slice(0, sessionCharactersMax) } };
}

/** What travels on to the replica besides the body: flat list of names and values. */
export function onwardHeaders(requestId: string, header: ReadHeader): string[] {
  const list = ['content-type', 'application/json', 'x-request-id', requestId];
  const traceparent = header('traceparent');
  if (traceparent !== undefined) list.push('traceparent', traceparent);
  return list;
}

/** Headers of a request as Node has read them. */
export function headersOf(request: {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}): ReadHeader {
  return (name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}

/** The caller's secret: `Authorization`, or the header that Anthropic's clients send. */
export function credentials(header: ReadHeader): string | undefined {
  return header('authorization') ?? header('x-api-key');
}
