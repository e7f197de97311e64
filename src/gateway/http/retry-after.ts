import { problems, type Problem } from '#schema';
import type { ReplyHead } from '#contracts';

/** Where nobody knows when there is room again. */
const usualMs = 1000;

/** Statuses with which a client is told when to come again. */
function saysWhen(status: number): boolean {
  return status === 429 || status === 503;
}

/** The problem with the time that its client should wait, where its status wants one. */
export function withWait(cause: Problem): Problem {
  if (cause.retryAfterMs !== undefined || !saysWhen(problems[cause.code].status)) return cause;
  return { ...cause, retryAfterMs: usualMs };
}

/** Seconds, or a date: what clients can wait for. */
const isWait = /^(?:\d{1,9}|[A-Z][a-z]{2}, \d.*GMT)$/;

/** `Retry-After` of what a replica answered: its own; ours where it should have said one that can be read. */
export function retryAfterOf({ retryAfter, status }: ReplyHead): string | undefined {
  if (retryAfter !== undefined && isWait.test(retryAfter)) return retryAfter;
  return saysWhen(status) ? String(usualMs / 1000) : undefined;
}
