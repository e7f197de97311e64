import type { Problem } from '#schema';
import { ProblemError, problem } from '#schema';

interface Refusal {
  readonly ok: false;
  readonly problem: Problem;
}

export function unavailable(message: string, retryAfterMs?: number): Problem {
  return problem('source_unavailable', message, retryAfterMs === undefined ? {} : { retryAfterMs });
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
