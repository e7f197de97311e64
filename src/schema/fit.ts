import type { z } from 'zod';
import { explain } from './explain.ts';
import { problem, type Problem } from './problem.ts';

type Fitted<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** Lists and objects are left at their first fault. */
const first: z.core.ParseContextInternal<z.core.$ZodIssue> = { abortEarly: true };

/** So many values are looked through for everything that is wrong with them, to tell the likeliest cause. */
const valuesMax = 2000;

function isSmall(input: unknown): boolean {
  const left: unknown[] = [input];
  for (let count = 0; left.length > 0; count++) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inside: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (count + left.length + inside.length > valuesMax) return false;
    left.push(...inside);
  }
  return true;
}

/**
 * A request's body as its schema has it, or `invalid_request`: the field at fault, and a sentence. Every fault costs
 * microseconds and memory, and ten megabytes have room for millions: of what is large only the first is looked for.
 */
export function fit<Schema extends z.ZodType>(schema: Schema, input: unknown): Fitted<z.output<Schema>> {
  const parsed = schema.safeParse(input, first);
  if (parsed.success) return { ok: true, value: parsed.data };
  const all = isSmall(input) ? schema.safeParse(input).error : undefined;
  const { param, message } = explain(schema, all ?? parsed.error, input);
  return { ok: false, problem: problem('invalid_request', message, { param }) };
}
