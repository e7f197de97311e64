import {
  isReleaseOver,
  problem,
  releaseSteps,
  type Key,
  type ModelVersion,
  type Problem,
  type Release,
  type Resource,
} from '#schema';
import { canonical } from './json.ts';

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

/** Nobody follows a verdict on what is over: whoever gave it must hear so, and not that it was taken. */
function lateVerdict({ spec }: Release, { metadata, status, spec: before }: Release): Problem | undefined {
  const isOver = isReleaseOver(status?.state ?? 'pending');
  if (!isOver || spec.verdict === undefined || spec.verdict === before.verdict) return undefined;
  const message = `The release "${metadata.name}" is over: ${status?.message ?? status?.state ?? ''}`;
  return problem('invalid_resource', message, { param: 'spec.verdict' });
}

/** Taken away in its midst, nobody would hear how it ended, nor could it be rolled back. */
export function stillDividing(resource: Resource): Problem | undefined {
  if (resource.kind !== 'Release' || resource.status?.split === undefined) return undefined;
  const { metadata, spec, status } = resource;
  if (isReleaseOver(status.state)) return undefined;
  const message = `The release "${metadata.name}" divides the requests of "${spec.deployment}". Abort it first, or wait for its end.`;
  return problem('in_use', message);
}

/** What was taken stays as it was: another share under it would be taken at once, without any evidence. */
function otherPast({ spec }: Release, { spec: before, status }: Release): Problem | undefined {
  if (status?.split === undefined || isReleaseOver(status.state)) return undefined;
  const [taken, wanted] = [before, spec].map((one) => releaseSteps(one).slice(0, status.step + 1));
  if (canonical(taken) === canonical(wanted)) return undefined;
  const message =
    '"spec.steps" of a release that is under way may change only beyond the step that is being taken. Abort it and start another one.';
  return problem('invalid_resource', message, { param: 'spec.steps' });
}

/** A release that has begun is about one version of one deployment; its pace and its gates may change. */
function otherRelease(wanted: Release, stored: Release): Problem | undefined {
  const field = (['deployment', 'version', 'engine', 'strategy'] as const).find(
    (name) => canonical(wanted.spec[name]) !== canonical(stored.spec[name]),
  );
  if (field === undefined) return lateVerdict(wanted, stored) ?? otherPast(wanted, stored);
  const message = `"spec.${field}" of a release cannot be changed. Abort it and start another one.`;
  return problem('invalid_resource', message, { param: `spec.${field}` });
}

export function changedForGood(resource: Resource, stored: Resource | undefined): Problem | undefined {
  if (resource.kind === 'Release' && stored?.kind === 'Release') return otherRelease(resource, stored);
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
