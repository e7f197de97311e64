import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

export interface PostgresServer {
  readonly url: string;
  /** The postmaster's process. */
  readonly pid: number;
  stop(): Promise<void>;
  /** As a power cut would end it. */
  crash(): Promise<void>;
  /** Starts it where it does not run. */
  start(): Promise<void>;
  /** `crash`, then `start`. */
  crashAndStart(): Promise<void>;
}

const systemRoot = '/usr/lib/postgresql';
/** `nobody`: PostgreSQL refuses to run as root. */
const nobody = 65_534;

function findBinaries(): string | undefined {
  const versions = existsSync(systemRoot) ? readdirSync(systemRoot) : [];
  const found = versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(systemRoot, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  return found;
}

/** Why no server can be started here; undefined when one can. */
export const noPostgres: string | undefined =
  process.env['MILLRACE_TEST_POSTGRES'] === undefined && findBinaries() === undefined
    ? 'there is no PostgreSQL: install postgresql, or set MILLRACE_TEST_POSTGRES to the URL of a server'
    : undefined;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Whether it takes questions: it listens a while before it does. */
async function answers(port: number): Promise<boolean> {
  const client = new Client(`postgres://millrace@127.0.0.1:${port}/postgres`);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Starts a server of one's own on a folder of its own, below `parent`; `settings` as `postgres -c` takes them. */
export async function startPostgres(
  settings: readonly string[] = [],
  parent: string = tmpdir(),
): Promise<PostgresServer> {
  const bin = findBinaries();
  if (bin === undefined) throw new Error('There is no PostgreSQL here.');
  const root = mkdtempSync(join(parent, 'millrace-pg-'));
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in user) chownSync(root, nobody, nobody);
  const data = join(root, 'data');
  const logPath = join(root, 'log');
  const port = await freePort();
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'millrace', '--no-sync', '-E', 'UTF8'],
    {
      ...user,
      cwd: root,
      stdio: 'ignore',
    },
  );
  const flags = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${root}`,
    ...settings,
  ];
  function spawnServer() {
    const log = openSync(logPath, 'w');
    const child = spawn(join(bin ?? '', 'postgres'), ['-D', data, ...flags.flatMap((flag) => ['-c', flag])], {
      ...user,
      cwd: root,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return { child, ended: once(child, 'exit') };
  }
  /**
   * Tries again where it ends at once, as whoever supervises a server does: after a crash the memory may still be in
   * use, or somebody's connection may have taken the port for its own end.
   */
  async function launch() {
    let server = spawnServer();
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries > 600) throw new Error(`PostgreSQL did not start:\n${readFileSync(logPath, 'utf8')}`);
      await delay(50);
      if (server.child.exitCode !== null) server = spawnServer();
    }
    return server;
  }
  let running = await launch();
  const isOver = (): boolean => running.child.exitCode !== null || running.child.signalCode !== null;
  async function start(): Promise<void> {
    if (isOver()) running = await launch();
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    running.child.kill(signal);
    await running.ended;
  }
  return {
    url: `postgres://millrace@127.0.0.1:${port}/postgres`,
    get pid() {
      return running.child.pid ?? 0;
    },
    async stop() {
      await end('SIGINT');
      // Its children may write a little longer than it lives.
      rmSync(root, { recursive: true, force: true, maxRetries: 20 });
    },
    crash: () => end('SIGQUIT'),
    start,
    async crashAndStart() {
      await end('SIGQUIT');
      await start();
    },
  };
}

/** A server for tests: the one that is named, or one of our own, quick because nobody cuts its power. */
export async function testPostgres(): Promise<Pick<PostgresServer, 'url' | 'stop'>> {
  const url = process.env['MILLRACE_TEST_POSTGRES'];
  return url === undefined ? startPostgres(['fsync=off']) : { url, stop: () => Promise.resolve() };
}
