import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { nodeArguments, type Program } from './command.ts';

export interface Launch {
  readonly program: Program;
  /** Command that runs the program; empty: it runs by itself. */
  readonly under: readonly string[];
  /** `unix:/path` or `tcp:0`. */
  readonly listen: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workDir: string;
  readonly logPath: string;
}

/**
 * Starts the program in a session of its own, so that it survives us and hears no Ctrl-C, writing to a file, so
 * that it never waits for a reader. Rejects when it cannot be started.
 */
export function launch({ program, under, listen, env, workDir, logPath }: Launch): Promise<ChildProcess> {
  mkdirSync(dirname(logPath), { recursive: true, mode: 0o700 });
  const args = nodeArguments({ ...program, args: [...program.args, '--listen', listen] });
  const [command = '', ...rest] = [...under, process.execPath, ...args];
  const logFile = openSync(logPath, 'a', 0o600);
  try {
    const child = spawn(command, rest, {
      cwd: workDir,
      env,
      detached: true,
      stdio: ['ignore', logFile, logFile],
      windowsHide: true,
    });
    child.unref();
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child));
    });
  } finally {
    closeSync(logFile);
  }
}
