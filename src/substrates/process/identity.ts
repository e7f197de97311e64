import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process beyond doubt: pids are used again, but not with the same start. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in words that only compare for equality. */
  readonly started: string;
}

/** When the process under this pid started; `undefined` when there is none, or only its corpse. */
export function startOf(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

export async function isAlive({ pid, started }: ProcessIdentity): Promise<boolean> {
  return (await startOf(pid)) === started;
}

/**
 * Signals the process if it is still the one that is meant. `group` also reaches what it has started itself:
 * our processes lead a group of their own.
 */
export async function signalProcess(
  identity: ProcessIdentity,
  signal: 'SIGTERM' | 'SIGKILL',
  reach: 'one' | 'group',
): Promise<void> {
  if (!(await isAlive(identity))) return;
  try {
    process.kill(reach === 'group' ? -identity.pid : identity.pid, signal);
  } catch {
    // It was faster.
  }
}

/** proc(5): after the name, which may hold anything, come the state (3rd field) and the start in ticks (22nd). */
async function startFromProc(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X'] = fields;
  const ticks = fields[22 - 3];
  if ('ZXx'.includes(state) || ticks === undefined) return undefined;
  return `${await bootId()}:${ticks}`;
}

let boot: string | undefined;

/** Ticks count from the last boot: the same numbers come again after the next. */
async function bootId(): Promise<string> {
  boot ??= (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'boot')).trim();
  return boot;
}

const run = promisify(execFile);

async function startFromPs(pid: number): Promise<string | undefined> {
  const listed = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => undefined);
  const [, state = 'Z', started = ''] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(listed?.stdout ?? '') ?? [];
  return state.startsWith('Z') || started === '' ? undefined : started;
}
