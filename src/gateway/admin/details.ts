import { z } from 'zod';
import { explain, problem, versionDetails, type Model, type ModelVersion, type Problem } from '#schema';

/** What a version says of itself must be what models for its task say. */
export function checkDetails(version: ModelVersion, { spec: { task } }: Model): Problem | undefined {
  if (version.spec.metadata?.details === undefined) return undefined;
  const details = versionDetails[task];
  const whole = z.looseObject({
    spec: z.looseObject({ metadata: z.looseObject({ details }) }),
  });
  const parsed = whole.safeParse(version);
  if (parsed.success) return undefined;
  const { param, message } = explain(whole, parsed.error, version);
  const known = Object.keys(details.shape).join(', ');
  return problem('invalid_resource', `${message} Of a model for ${task} these are known: ${known}.`, {
    param,
  });
}
