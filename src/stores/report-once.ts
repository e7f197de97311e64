import { ProblemError } from '#schema';
import type { Unreadable } from './unreadable.ts';

const reportedMax = 1000;

/** Rows are read again and again: each that cannot be is reported once, as long as they are few. */
export function reportOnce(onFault: (fault: ProblemError) => void): (row: Unreadable) => void {
  const reported = new Set<string>();
  return ({ version, unreadable }) => {
    if (reported.has(version)) return;
    if (reported.size >= reportedMax) reported.clear();
    reported.add(version);
    onFault(new ProblemError(unreadable));
  };
}
