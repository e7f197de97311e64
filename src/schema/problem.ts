import { problems, type ProblemCode } from './problems.ts';

/** A refusal as a value. */
export interface Problem {
  readonly code: ProblemCode;
  /** A sentence for the person who gets it: what is wrong, and what to do. */
  readonly message: string;
  /** The field or parameter that is at fault. */
  readonly param?: string | undefined;
  /** After how long trying again makes sense. */
  readonly retryAfterMs?: number | undefined;
}

interface ProblemDetails {
  readonly param?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

export function problem(code: ProblemCode, message?: string, details: ProblemDetails = {}): Problem {
  return { code, message: message ?? problems[code].summary, ...details };
}

/** A problem on its way through code that can only throw: boundaries of the process, callbacks of libraries. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(cause: Problem) {
    super(cause.message);
    this.name = 'ProblemError';
    this.problem = cause;
  }
}

/** The problem inside whatever was thrown; what is not one of ours is `internal`. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return problem('internal', thrown instanceof Error ? thrown.message : String(thrown));
}
