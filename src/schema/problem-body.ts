import type { Problem } from './problem.ts';
import { problems, type ProblemCode } from './problems.ts';

/** The `type` field of OpenAI's error shape, which clients branch on. */
export function problemType(code: ProblemCode): string {
  const { status } = problems[code];
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

/** OpenAI's error shape with our additions. */
export interface ProblemBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
    readonly doc: string;
    readonly retry_after_ms?: number;
  };
}

export function problemBody(cause: Problem): ProblemBody {
  return {
    error: {
      message: cause.message,
      type: problemType(cause.code),
      code: cause.code,
      param: cause.param ?? null,
      doc: `docs/reference/problems.md#${cause.code}`,
      ...(cause.retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(cause.retryAfterMs) }),
    },
  };
}
