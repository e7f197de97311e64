import { problem, problemOf, type Problem } from '#schema';

const full = new Set(['ENOSPC', 'EDQUOT']);
const forbidden = new Set(['EROFS', 'EACCES', 'EPERM']);

function codeOf(fault: unknown): string {
  return fault instanceof Error && 'code' in fault ? String(fault.code) : '';
}

function storageFull(home: string): Problem {
  return problem(
    'storage_full',
    `The disk with the home directory ${home} is full. Free some space and start again, or choose another directory with --home.`,
  );
}

/** Why the platform could not start on this home directory, and what to do about it. */
export function startProblem(fault: unknown, home: string): Problem {
  const code = codeOf(fault);
  if (full.has(code)) return storageFull(home);
  const cause = problemOf(fault);
  if (cause.code === 'storage_full') return storageFull(home);
  if (forbidden.has(code))
    return problem(
      'invalid_config',
      `The home directory ${home} cannot be used: ${cause.message}. Make it writable, or choose another with --home.`,
      { param: 'home' },
    );
  if (cause.code !== 'internal' || cause.message.includes(home)) return cause;
  return {
    ...cause,
    message: `The platform cannot start on ${home}: ${cause.message}. Mend that and start again, or choose another directory with --home.`,
  };
}
