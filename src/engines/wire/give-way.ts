import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

/** Where it stands in what Linux tells of a process, behind its name: see proc_pid_stat(5), field 41. */
const policyAt = 38;
const idlePolicy = '5';

function isIdle(): boolean {
  try {
    const [, fields = ''] = readFileSync('/proc/self/stat', 'latin1').split(') ');
    return fields.split(' ')[policyAt] === idlePolicy;
  } catch {
    return false;
  }
}

/** Who was started to run only while nobody else wants the processor has its place back. Node itself cannot do that. */
function endIdle(): Promise<void> {
  return new Promise((resolve) => {
    execFile('chrt', ['-a', '-o', '-p', '0', String(process.pid)], () => {
      resolve();
    });
  });
}

/**
 * What this process does from now on gives way to those that serve; the result ends that, and whatever way it was
 * started in. Only where it may have its priority back later (root, CAP_SYS_NICE, a limit on nice): else it would be
 * slow for ever, so nothing is changed.
 */
export function giveWay(): () => Promise<void> {
  const usual = getPriority();
  const mayEnd = mayRise(usual);
  if (mayEnd) setPriority(Math.min(lowest, usual + steps));
  return async () => {
    if (mayEnd) for (const thread of threads()) setPriority(thread, usual);
    if (isIdle()) await endIdle();
  };
}
