import { execFile } from 'node:child_process';

/** What comes before a command so that it runs only while nobody else wants the processor (Linux's SCHED_IDLE). */
const idleCommand = ['chrt', '-i', '0'] as const;

export interface Idle {
  /** `idleCommand` where a process may have its place back later; nothing elsewhere, since it would be slow for ever. */
  command(): Promise<readonly string[]>;
  /** Gives a process its place back, with all its threads. */
  end(pid: number): Promise<boolean>;
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
    end: (pid) => chrt(['-a', '-o', '-p', '0', String(pid)]),
  };
}
