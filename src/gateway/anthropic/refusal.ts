import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { problems, type Problem } from '#schema';
import { sendJson, sendProblem } from '../http/exchange.ts';
import { retryAfterOf } from '../http/retry-after.ts';
import type { Reply } from '../replies/collect-reply.ts';

/** Anthropic's error shape; `code` and `param` are ours. */
interface ErrorBody {
  readonly type: 'error';
  readonly error: {
    readonly type: string;
    readonly message: string;
    readonly code?: string | undefined;
    readonly param?: string | undefined;
  };
  readonly request_id: string | null;
}

interface Refused {
  readonly status: number;
  readonly message: string;
  readonly code?: string | undefined;
  readonly param?: string | undefined;
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

function typeOf(status: number): string {
  return types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

function toBody({ status, ...refused }: Refused, requestId: string | null): ErrorBody {
  return { type: 'error', error: { type: typeOf(status), ...refused }, request_id: requestId };
}

/** Anthropic's own status for a full queue; all others are as in our table. */
const overloadedStatus = 529;

function toRefused({ code, message, param }: Problem): Refused {
  const status = code === 'overloaded' ? overloadedStatus : problems[code].status;
  return { status, message, code, param };
}

function requestIdOf(response: ServerResponse): string | null {
  const id = response.getHeader('x-request-id');
  return typeof id === 'string' ? id : null;
}

/** Answers with a problem as Anthropic's clients know it. */
export function sendMessagesProblem(response: ServerResponse, cause: Problem): void {
  const requestId = requestIdOf(response);
  if (requestId !== null && !response.headersSent) response.setHeader('request-id', requestId);
  sendProblem(response, cause, (shown) => {
    const refused = toRefused(shown);
    return { status: refused.status, body: toBody(refused, requestId) };
  });
}

/** A stream that breaks says so in an event. */
export function errorEvent(cause: Problem, requestId: string): string {
  return eventOf(toBody(toRefused(cause), requestId));
}

function eventOf(body: ErrorBody): string {
  return `event: error\ndata: ${JSON.stringify(body)}\n\n`;
}

const engineError = z.object({
  error: z.object({ message: z.string(), code: z.unknown().optional(), param: z.unknown().optional() }),
});

/** What the engine names by its own names, by those that the caller used. */
const callersNames: Readonly<Record<string, string>> = {
  stop: 'stop_sequences',
  user: 'metadata.user_id',
  reasoning_effort: 'output_config.effort',
  response_format: 'output_config.format',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
};

function readRefusal(status: number, text: string): Refused {
  const unreadable = { status, message: `The engine refused the request with status ${status}.` };
  try {
    const parsed = engineError.safeParse(JSON.parse(text));
    if (!parsed.success) return unreadable;
    const { message, code, param } = parsed.data.error;
    const named = typeof param === 'string' ? (callersNames[param] ?? param) : undefined;
    return {
      status,
      message: typeof param === 'string' ? message.replaceAll(`"${param}"`, `"${named}"`) : message,
      code: typeof code === 'string' ? code : undefined,
      param: named,
    };
  } catch {
    return unreadable;
  }
}

/** Hands on what the engine refused, in Anthropic's shape. */
export function passRefusal(response: ServerResponse, { head, body }: Reply): void {
  const refused = readRefusal(head.status, body.toString('utf8'));
  const retryAfter = retryAfterOf(head);
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  sendJson(response, head.status, toBody(refused, requestIdOf(response)));
}

/** What the engine says, in the midst of a stream, went wrong. */
export function passBroken(payload: string, requestId: string): string {
  return eventOf(toBody(readRefusal(500, payload), requestId));
}
