import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What comes before a command so that it runs only while nobody else wants the processor (Linux's SCHED_IDLE). */
const idleCommand = ['chrt', '-i', '0'] as const;

export interface Idle {
  /** `idleCommand` where a process may have its place back later; nothing elsewhere, since it would be slow for ever. */
  command(): Promise<readonly string[]>;
  /** Gives a process that runs in idle time its place back, with all its threads. */
  end(pid: number): Promise<void>;
}

/** Where it stands in what Linux tells of a process, behind its name: see proc_pid_stat(5), field 41. */
const policyAt = 38;
const idlePolicy = '5';

async function isIdle(pid: number): Promise<boolean> {
  const told = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return told.slice(told.lastIndexOf(') ') + 2).split(' ')[policyAt] === idlePolicy;
}

/**
 * Niceness is not enough: since 6.6 Linux lets whoever runs finish a slice of some milliseconds, however nice it is, and
 * each of the few wake-ups that an answer takes would wait so long. Node cannot set this, so `chrt` of util-linux does;
 * it takes the right to raise a priority (root, CAP_SYS_NICE, a limit on nice). `environment` says where it is found.
 */
export function createIdle(environment: Readonly<Record<string, string>>): Idle {
  let able: Promise<boolean> | undefined;
  function chrt(args: readonly string[]): Promise<boolean> {
    return new Promise((resolve) => {
      execFile('chrt', args, { env: environment, timeout: 5000 }, (fault) => resolve(fault === null));
    });
  }
  return {
    async command() {
      able ??= chrt(['-i', '0', 'sh', '-c', 'chrt -a -o -p 0 $$']);
      return (await able) ? idleCommand : [];
    },
    async end(pid) {
      if (await isIdle(pid)) await chrt(['-a', '-o', '-p', '0', String(pid)]);
    },
  };
}
