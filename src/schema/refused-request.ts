import type { z } from 'zod';
import { explain } from './explain.ts';
import { problem, type Problem } from './problem.ts';

/** `invalid_request` for a body that its schema refuses: the field at fault, and a sentence. `input` is what was parsed. */
export function refusedRequest(schema: z.ZodType, error: z.ZodError, input: unknown): Problem {
  const { param, message } = explain(schema, error, input);
  return problem('invalid_request', message, { param });
}
