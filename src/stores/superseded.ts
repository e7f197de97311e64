import type { Fence } from '#contracts';
import { problem, type Problem } from '#schema';

/** How a store answers whoever writes for an office that is not theirs any more. */
export function superseded({ office, term }: Fence): {
  readonly ok: false;
  readonly problem: Problem;
  readonly at: number;
} {
  const message = `Somebody else holds the office "${office}" since term ${term}: nothing was written.`;
  return { ok: false, problem: problem('superseded', message), at: 0 };
}
