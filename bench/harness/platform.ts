import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { apiVersion, resourceSchemas, type Deployment, type Replica } from '#schema';
import { cache, cacheFolder } from './cache.ts';
import { freePort, startProgram, type Running } from './process.ts';

const entry = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A real platform, as `npm start` runs it, on a home of its own and with nothing deployed. */
export interface Platform extends Running {
  readonly port: number;
  readonly key: string;
  apply(resources: readonly unknown[]): Promise<void>;
  /** What the admin API answers to GET. */
  read(path: string): Promise<unknown>;
  /** Resolves once the deployment has a replica that answers, with that replica. */
  ready(deployment: string): Promise<Replica>;
  /** The same of the replica that stands for an endpoint. */
  readyAt(deployment: string, address: string): Promise<Replica>;
}

export interface ServedModel {
  readonly name: string;
  readonly source: string;
  readonly engine: Deployment['spec']['engine'];
  readonly limits?: Partial<Deployment['spec']['limits']>;
}

/** Model, version and deployment of one name. */
export function resourcesOf({ name, source, engine, limits = {} }: ServedModel): readonly unknown[] {
  const version = '1';
  return [
    { apiVersion, kind: 'Model', metadata: { name }, spec: {} },
    {
      apiVersion,
      kind: 'ModelVersion',
      metadata: { name: `${name}.${version}` },
      spec: { model: name, version, source },
    },
    { apiVersion, kind: 'Deployment', metadata: { name }, spec: { model: name, version, engine, limits } },
  ];
}

async function waitForKey(home: string): Promise<string> {
  const path = join(home, 'admin.key');
  for (let tries = 0; tries < 200 && !existsSync(path); tries += 1) await delay(50);
  return readFileSync(path, 'utf8').trim();
}

function adminApi(port: number, key: string) {
  return async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${text}`);
    return JSON.parse(text);
  };
}

const replicaList = z.object({ items: z.array(resourceSchemas.Replica) });

type AdminApi = ReturnType<typeof adminApi>;

async function waitForReplica(call: AdminApi, deployment: string, address?: string): Promise<Replica> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = replicaList
      .parse(await call('/api/v1/replicas'))
      .items.filter(({ spec, status }) => spec.deployment === deployment && status?.state === 'ready')
      .find(({ spec }) => address === undefined || spec.address === address);
    if (found) return found;
    await delay(100);
  }
  throw new Error(`no replica of ${deployment} became ready in a minute; see ${cache}/millrace.log`);
}

/** With a core it is pinned there; `args` are further flags of `millrace up`. */
export async function startPlatform(
  core?: number,
  args: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): Promise<Platform> {
  if (!existsSync(entry)) throw new Error('There is no build: run `npm run build` first.');
  const home = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const port = await freePort();
  cacheFolder('.');
  const running = await startProgram({
    command: process.execPath,
    args: [...nodeFlags, entry, 'up', '--home', home, '--listen', `127.0.0.1:${port}`, ...args],
    core,
    port,
    logPath: `${cache}/millrace.log`,
    env: { MILLRACE_DEMO: 'false' },
  });
  const key = await waitForKey(home);
  const call = adminApi(port, key);
  return {
    pid: running.pid,
    port,
    key,
    async apply(resources) {
      await call('/api/v1/apply', { resources });
    },
    read: (path) => call(path),
    ready: (deployment) => waitForReplica(call, deployment),
    readyAt: (deployment, address) => waitForReplica(call, deployment, address),
    async stop() {
      await running.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
