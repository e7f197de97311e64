import { problem, ProblemError, problemOf, type Problem } from '#schema';

function statusOf(fault: Error): number | undefined {
  const metadata: unknown = '$metadata' in fault ? fault.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** The object, or the part of a bucket, is not there. A bucket that is missing is something else. */
export function isNotThere(fault: unknown): boolean {
  if (!(fault instanceof Error) || fault.name === 'NoSuchBucket') return false;
  return statusOf(fault) === 404;
}

const refusals: ReadonlySet<string> = new Set([
  'AccessDenied',
  'Forbidden',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'CredentialsProviderError',
]);

/** Why the server could not do it. Its texts may hold addresses and keys: only the kind of the fault is told. */
export function problemOfS3(fault: unknown, where: string): Problem {
  if (fault instanceof ProblemError) return fault.problem;
  if (!(fault instanceof Error)) return problemOf(fault);
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : fault.name;
  const status = statusOf(fault);
  if (status === 507) return problem('storage_full');
  const advice =
    refusals.has(fault.name) || status === 403 ? ' Check the credentials and what they may do.' : '';
  const answered = status === undefined ? '' : ` (status ${status})`;
  return problem('storage_unavailable', `${where} could not be used: ${code}${answered}.${advice}`);
}
