import { kinds, problem, type Problem, type Resource, type ResourceKind } from '#schema';

/** Who may write it, and whether it stands where the caller thinks it stands. */
export function mayChange(
  target: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly expectedVersion?: string | undefined;
  },
  stored: Resource | undefined,
): Problem | undefined {
  const { kind, name, expectedVersion } = target;
  if (kinds[kind].writer !== 'user')
    return problem('invalid_request', `${kinds[kind].plural} are written by the platform alone.`, {
      param: 'kind',
    });
  if (expectedVersion === undefined || expectedVersion === (stored?.metadata.resourceVersion ?? ''))
    return undefined;
  if (expectedVersion === '')
    return problem('version_conflict', `${kind} "${name}" exists already.`, { param: 'metadata.name' });
  const stands = stored ? `stands at version ${stored.metadata.resourceVersion ?? '?'}` : 'does not exist';
  return problem(
    'version_conflict',
    `${kind} "${name}" ${stands}, not at the expected one. Read it again and repeat the change.`,
  );
}
