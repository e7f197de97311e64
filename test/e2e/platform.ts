import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';

export const repository = new URL('../..', import.meta.url).pathname;

/** A home directory of its own, outside the repository. */
export function makeHome(): string {
  return mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
}

export interface RunningPlatform {
  readonly home: string;
  readonly url: string;
  readonly key: string;
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  readonly output: () => string;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
  /** kill -9: what it started goes on. */
  kill(): Promise<void>;
}

export interface PlatformOptions {
  readonly home?: string;
  /** `npm start`'s script instead of the command itself. */
  readonly viaStart?: boolean;
  readonly listen?: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
}

const limitMs = 60_000;

function command(options: PlatformOptions, home: string): string[] {
  const entry = options.viaStart ? ['tools/start.mjs'] : ['dist/cli/main.js', 'up'];
  return [...entry, '--home', home, '--listen', options.listen ?? '127.0.0.1:0', ...(options.args ?? [])];
}

/** Starts the platform as a user would and waits until it has said where it listens. */
export async function startPlatform(options: PlatformOptions = {}): Promise<RunningPlatform> {
  const home = options.home ?? makeHome();
  const child = spawn(process.execPath, command(options, home), {
    cwd: repository,
    env: { ...process.env, MILLRACE_HOME: '', MILLRACE_DEMO: 'false', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`No address within ${limitMs} ms. It printed:\n${printed}`));
    }, limitMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`;
      const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) {
        clearTimeout(timer);
        resolve(found[0]);
      }
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`It ended with ${code}. It printed:\n${printed}`));
    });
  });
  return {
    home,
    url,
    key: readFileSync(join(home, 'admin.key'), 'utf8').trim(),
    process: child,
    output: () => printed,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      await once(child, 'exit');
      return child.exitCode;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true });
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the CLI against a platform. */
export async function millrace(
  platform: Pick<RunningPlatform, 'home'>,
  ...args: string[]
): Promise<Finished> {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args, '--home', platform.home], {
    cwd: repository,
    env: { ...process.env, MILLRACE_HOME: '', MILLRACE_URL: '', MILLRACE_KEY: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** Whatever an answer holds: tests look into it as they like. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** An administrator's request, `METHOD /path`, to the platform's API, as JSON. */
export async function call(platform: RunningPlatform, methodAndPath: string, body?: unknown): Promise<Reply> {
  const [method = 'GET', path = '/'] = methodAndPath.split(' ');
  const response = await fetch(platform.url + path, {
    method,
    headers: { authorization: `Bearer ${platform.key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** Asks again until the answer fits. The limit only ends a test that would never end; it asserts nothing. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false>,
  what: string,
  withinMs = 60_000,
): Promise<T> {
  const untilMs = Date.now() + withinMs;
  while (Date.now() < untilMs) {
    const value = await ask();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited ${withinMs} ms in vain: ${what}`);
}

/** The replicas of a deployment, as records. */
export async function replicasOf(platform: RunningPlatform, deployment: string) {
  const { body } = await call(platform, 'GET /api/v1/replicas');
  const items: Json[] = body.items;
  return items.filter((one) => one.spec.deployment === deployment);
}

export async function readyReplica(platform: RunningPlatform, deployment: string, not?: string) {
  return eventually(async () => {
    const ready = await replicasOf(platform, deployment);
    return ready.find((one) => one.status?.state === 'ready' && one.metadata.name !== not);
  }, `a ready replica of ${deployment}`);
}

/** A replica's own signs of life, asked on its socket. */
export async function lifeOf(replica: { status: { endpoint: string } }): Promise<Json> {
  const socketPath = replica.status.endpoint.slice('unix:'.length);
  const asked = request({ socketPath, path: '/millrace/life' });
  asked.end();
  const [response] = await once(asked, 'response');
  return json(response);
}

/** Whether a process runs: one that has ended and waits for its parent to notice does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^\d+ \(.*\) Z/.test(stat);
  } catch {
    return false;
  }
}
