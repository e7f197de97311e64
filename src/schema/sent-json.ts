import { problem, type Problem } from './problem.ts';

/** Deeper than anybody means it. What is done to JSON level by level would run out of stack. */
const jsonLevelsMax = 500;

/**
 * Whether there are more levels of lists and objects in it than anything here follows. Runs for every body, over tensors
 * of a million numbers too: those are passed by without a call for each.
 */
function isTooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const inside: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const each of inside) if (typeof each === 'object' && isTooDeep(each, levels - 1)) return true;
  return false;
}

type SentJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: Problem };

/** JSON that somebody sent, or `invalid_json`, which says of `what` (for example "The body") why it cannot be read. */
export function sentJson(what: string, textOf: () => string): SentJson {
  const refused = (why: string): SentJson => {
    return { ok: false, problem: problem('invalid_json', `${what} is not JSON that can be read: ${why}.`) };
  };
  try {
    const value: unknown = JSON.parse(textOf());
    return isTooDeep(value, jsonLevelsMax)
      ? refused(`it is nested deeper than ${jsonLevelsMax} levels`)
      : { ok: true, value };
  } catch (fault) {
    return refused(fault instanceof Error ? fault.message : 'unreadable');
  }
}
