import { problem, ProblemError } from '#schema';

/** Something that Anthropic's wire knows and OpenAI's dialect does not: refused by its name, never ignored. */
export function unsupported(param: string, why: string): ProblemError {
  return new ProblemError(problem('unsupported_parameter', why, { param }));
}

export function invalid(param: string, why: string): ProblemError {
  return new ProblemError(problem('invalid_request', why, { param }));
}
