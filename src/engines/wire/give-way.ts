import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Steps down the scale of niceness, where each takes a tenth of the processor time that others want too. */
const steps = 10;
const { PRIORITY_HIGHEST: highest, PRIORITY_LOW: lowest } = constants.priority;

/** On Linux each thread has a priority of its own, and those that are started have that of the one that starts them. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}

function mayRise(usual: number): boolean {
  try {
    setPriority(Math.max(highest, usual - 1));
    return true;
  } catch {
    return false;
  }
}

/**
 * What this process does from now on gives way to those that serve; the result ends that. Only where it may have its
 * priority back later (root, CAP_SYS_NICE, a limit on nice): else it would be slow for ever, so nothing is changed.
 */
export function giveWay(): () => void {
  const usual = getPriority();
  if (!mayRise(usual)) return () => undefined;
  setPriority(Math.min(lowest, usual + steps));
  return () => {
    for (const thread of threads()) setPriority(thread, usual);
  };
}
