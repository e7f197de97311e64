import { problem, type Problem } from '#schema';

/** Longer than any name a deployment can have: what is longer is a mistake, and does not belong in a log. */
const charactersMax = 512;

export function isModelName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= charactersMax;
}

/** A body that does not say which model it asks. */
export function noModelName(): Problem {
  const message = `The body must be a JSON object with "model" as a string of at most ${charactersMax} characters.`;
  return problem('invalid_request', message, { param: 'model' });
}
