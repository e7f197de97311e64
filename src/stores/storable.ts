import type { Problem, Resource } from '#schema';
import { problem, resourceSchemas } from '#schema';
import { z } from 'zod';

/** Why a resource could not be read back, had it been stored: NaN becomes null on disk, and null is no number. */
export function faultOfStoring(resource: Resource): Problem | undefined {
  const { kind, metadata } = resource;
  const read = resourceSchemas[kind].safeParse(JSON.parse(JSON.stringify(resource)));
  if (read.success) return undefined;
  const why = z.prettifyError(read.error);
  const param = read.error.issues[0]?.path.join('.');
  return problem('invalid_resource', `${kind} "${metadata.name}" cannot be stored: ${why}`, { param });
}
