import type { z } from 'zod';
import { refusedRequest } from '#schema';
import type { Result } from '#contracts';

/** A value as its schema has it; what does not fit is refused by name. */
export function fitting<Schema extends z.ZodType>(schema: Schema, value: unknown): Result<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problem: refusedRequest(schema, parsed.error, value) };
}
