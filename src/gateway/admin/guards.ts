import { problem, type Key, type ModelVersion, type Problem, type Resource } from '#schema';

/** What makes a version that version cannot change: whoever deployed it would get something else. */
const fixedFields = ['model', 'version', 'source', 'digest'] as const;

/** A digest that was found counts like one that was asked for; only naming it is left free. */
function isOther(name: (typeof fixedFields)[number], wanted: ModelVersion, stored: ModelVersion): boolean {
  const set = stored.spec[name];
  if (set !== undefined) return set !== wanted.spec[name];
  const found = name === 'digest' ? stored.status?.digest : undefined;
  const asked = wanted.spec[name];
  return found !== undefined && asked !== undefined && asked !== found;
}

export function changedForGood(resource: Resource, stored: Resource | undefined): Problem | undefined {
  if (resource.kind !== 'ModelVersion' || stored?.kind !== 'ModelVersion') return undefined;
  const field = fixedFields.find((name) => isOther(name, resource, stored));
  if (field === undefined) return undefined;
  const message = `"spec.${field}" of a version cannot be changed once it is set. Make a new version instead.`;
  return problem('invalid_resource', message, { param: `spec.${field}` });
}

/** 2: some key is an administrator's for good; 1: only until it expires; 0: nobody is. */
function administration(keys: readonly Key[], nowMs: number): number {
  const admins = keys.filter((key) => key.spec.scopes.includes('admin'));
  if (admins.some((key) => key.spec.expiresAt === undefined)) return 2;
  return admins.some((key) => Date.parse(key.spec.expiresAt ?? '') > nowMs) ? 1 : 0;
}

/** The last key that may do everything cannot be lost: there would be no way back in. */
export function lastAdminLost(
  before: readonly Key[],
  after: readonly Key[],
  nowMs: number,
): Problem | undefined {
  if (administration(after, nowMs) >= administration(before, nowMs)) return undefined;
  return problem(
    'in_use',
    'This is the last key with the scope "admin" that does not expire. Create another one first.',
  );
}
