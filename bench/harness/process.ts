import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { createConnection, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Gateways have the last core to themselves; load generator and upstream share the first. */
export const cores = { gateway: availableParallelism() - 1, load: 0 };

/** Other work on the machine disturbs what is measured: everything a bench starts goes before it, where that is allowed. */
export function askForPriority(): void {
  try {
    setPriority(-10);
  } catch {
    console.log('(not allowed to raise the priority: other work on this machine shows in the figures)');
  }
}

const clockTicksPerSecond = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

/** User and system time of a process with all its threads, in seconds; its children are not in it. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert(address !== null && typeof address === 'object');
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Pinned to this core; free to use all when absent. */
  readonly core: number | undefined;
  /** It counts as started when something listens here. */
  readonly port: number;
  readonly logPath: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

/** Starts a program on one core and waits until it listens. What it writes goes to `logPath`. */
export async function startProgram(program: Program): Promise<Running> {
  const log = openSync(program.logPath, 'w');
  const pinning = program.core === undefined ? [] : ['taskset', '-c', String(program.core)];
  const [command = '', ...args] = [...pinning, program.command, ...program.args];
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...program.env },
  });
  closeSync(log);
  children.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  void ended.then(() => children.delete(child));
  for (let waitedMs = 0; !(await answers(program.port)); waitedMs += 50) {
    if (child.exitCode !== null || child.pid === undefined || waitedMs > 60_000)
      throw new Error(`${program.command} did not start; see ${program.logPath}`);
    await delay(50);
  }
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(patience);
    },
  };
}
