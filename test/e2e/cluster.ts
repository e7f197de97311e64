import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRunning, repository } from './platform.ts';

/** One process of a cluster. */
export interface Part {
  readonly role: string;
  readonly node: string;
  readonly home: string;
  /** Of a gateway; else empty. */
  readonly url: string;
  readonly process: ChildProcess;
  readonly output: () => string;
  stop(): Promise<number | null>;
  /** kill -9: what it started goes on. */
  kill(): Promise<void>;
}

export interface PartOptions {
  readonly role: 'gateway' | 'control' | 'worker' | 'all';
  readonly node: string;
  /** Of the whole cluster: each process has a home in it, and model files are shared. */
  readonly root: string;
  readonly postgresUrl: string;
  readonly leaseMs?: number;
  readonly set?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const limitMs = 60_000;
const saysWhere = /(https?:\/\/127\.0\.0\.1:\d+)|takes part as/;

function argumentsOf({ role, node, root, leaseMs = 2000, set = [] }: PartOptions): string[] {
  const home = join(root, node);
  const settings = [
    `cluster.leaseMs=${leaseMs}`,
    'tasks.leaseMs=2000',
    `blobs.dir=${join(root, 'blobs')}`,
    ...set,
  ];
  const flags = ['--role', role, '--node', node, '--home', home, '--store', 'postgres', '--no-demo'];
  return ['dist/cli/main.js', 'serve', ...flags, '--listen', '127.0.0.1:0', '--set', ...settings];
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

/** Starts a process of a cluster as a user would, and waits until it has said that it is there. */
export async function startPart(options: PartOptions): Promise<Part> {
  const { role, node, root, postgresUrl, env } = options;
  mkdirSync(root, { recursive: true });
  const child = spawn(process.execPath, argumentsOf(options), {
    cwd: repository,
    env: { ...process.env, MILLRACE_HOME: '', MILLRACE_POSTGRES_URL: postgresUrl, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${node} said nothing within ${limitMs} ms. It printed:\n${printed}`));
    }, limitMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`;
      const found = saysWhere.exec(line);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1] ?? '');
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${node} ended with ${code}. It printed:\n${printed}`));
    });
  });
  return {
    role,
    node,
    home: join(root, node),
    url,
    process: child,
    output: () => printed,
    stop: () => ended(child, 'SIGTERM'),
    kill: async () => void (await ended(child, 'SIGKILL')),
  };
}

/** The administrator's key, from whichever home has it. */
export function keyOf(root: string): string {
  for (const node of readdirSync(root)) {
    const file = join(root, node, 'admin.key');
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  }
  throw new Error(`There is no key below ${root}.`);
}

function pidsIn(home: string): readonly number[] {
  const run = join(home, 'run');
  const files = existsSync(run) ? readdirSync(run).filter((name) => name.endsWith('.json')) : [];
  return files
    .flatMap((name) => /"pid":\s*(\d+)/.exec(readFileSync(join(run, name), 'utf8'))?.[1] ?? [])
    .map(Number);
}

/** Ends the processes of replicas that were left behind by those that were killed. */
export function endLeftovers(root: string): void {
  for (const node of existsSync(root) ? readdirSync(root) : [])
    for (const pid of pidsIn(join(root, node))) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
}
