import type { Problem } from '#schema';
import { ProblemError, problem } from '#schema';

interface Refusal {
  readonly ok: false;
  readonly problem: Problem;
}

export function unavailable(message: string, retryAfterMs?: number): Problem {
  return problem('source_unavailable', message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

export function notThere(message: string): Problem {
  return problem('not_found', message);
}

/** There is something, but not for us, or not what a source can read: trying again helps nobody. */
export function unreadable(message: string): Problem {
  return problem('invalid_resource', message, { param: 'spec.source' });
}

const gone: ReadonlySet<number> = new Set([404, 410]);
const denied: ReadonlySet<number> = new Set([401, 403]);

/** What a status of HTTP means for a pull. `retryAfter` is the header of that name, in seconds. */
export function problemOfStatus(
  status: number,
  where: string,
  retryAfter: string | null | undefined,
): Problem {
  if (gone.has(status)) return notThere(`${where} does not exist: the server answered ${status}.`);
  if (denied.has(status)) {
    const advice = 'The file may need an access token, or one that has been granted access.';
    return unreadable(`${where} answered ${status}. ${advice}`);
  }
  const seconds = Number(retryAfter);
  return unavailable(`${where} answered ${status}.`, seconds > 0 ? seconds * 1000 : undefined);
}

/** What was thrown, as an answer. Texts of other libraries may name signed addresses: only ours are passed on. */
export function refusalOf(thrown: unknown, where: string): Refusal {
  if (thrown instanceof ProblemError) return { ok: false, problem: thrown.problem };
  return { ok: false, problem: unavailable(`${where} did not answer: ${nameOf(thrown)}.`) };
}

/** The kind of a fault, such as `ECONNREFUSED`: says what happened and holds no address. */
export function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'the connection broke';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return thrown.cause === undefined ? thrown.name : nameOf(thrown.cause);
}
