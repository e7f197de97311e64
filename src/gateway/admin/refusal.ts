import { problem, type Problem } from '#schema';

/** A resource that has the right shape and still cannot be, by the field that says so. */
export function refusal(param: string, message: string): Problem {
  return problem('invalid_resource', message, { param });
}
