import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Settings } from '../../src/s3/index.ts';

/** Why OpenStack Swift cannot be started here; undefined where it can. */
export function noSwift(): string | undefined {
  if (process.getuid?.() !== 0) return 'Swift is started by root alone';
  const found = spawnSync('swift-proxy-server', ['--version'], { encoding: 'utf8' });
  return found.error ? 'there is no swift-proxy-server' : undefined;
}

export interface SwiftServer {
  readonly settings: S3Settings;
  stop(): Promise<void>;
}

/** Ports below the range that the system gives out by itself. */
async function freePort(from: number): Promise<number> {
  for (let port = from; ; port += 1) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

const parts = ['account', 'container', 'object'] as const;

function ring(dir: string, part: string, port: number): void {
  const builder = join(dir, `${part}.builder`);
  for (const args of [['create', '4', '1', '0'], ['add', `r1z1-127.0.0.1:${port}/d1`, '1'], ['rebalance']]) {
    const done = spawnSync('swift-ring-builder', [builder, ...args], { encoding: 'utf8' });
    if (done.status !== 0 && done.status !== 1) throw new Error(done.stdout + done.stderr);
  }
}

function storageConf(dir: string, part: string, port: number): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = root
swift_dir = ${dir}
devices = ${join(dir, 'node')}
mount_check = false
log_facility =
[pipeline:main]
pipeline = ${part}-server
[app:${part}-server]
use = egg:swift#${part}
`;
}

function proxyConf(dir: string, port: number): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = root
swift_dir = ${dir}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:s3api]
use = egg:swift#s3api
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:copy]
use = egg:swift#copy
[filter:bulk]
use = egg:swift#bulk
[filter:cache]
use = egg:swift#memcache
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
`;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const healthy = await fetch(`http://127.0.0.1:${port}/healthcheck`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Swift did not answer.');
}

/** OpenStack Swift with its S3 face: a server that checks signatures. Four processes in a folder of their own. */
export async function startSwift(): Promise<SwiftServer> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-swift-'));
  mkdirSync(join(dir, 'node', 'd1'), { recursive: true });
  const hashes = '[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n';
  writeFileSync(join(dir, 'swift.conf'), hashes);
  const children: ChildProcess[] = [];
  const start = (name: string, conf: string): void => {
    const path = join(dir, `${name}.conf`);
    writeFileSync(path, conf);
    children.push(spawn(`swift-${name}-server`, [path], { stdio: 'ignore' }));
  };
  let port = 26_200;
  for (const part of parts) {
    port = await freePort(port + 1);
    ring(dir, part, port);
    start(part, storageConf(dir, part, port));
  }
  port = await freePort(port + 1);
  start('proxy', proxyConf(dir, port));
  const credentials = { accessKeyId: 'test:tester', secretAccessKey: 'testing' };
  await answers(port);
  return {
    settings: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', pathStyle: true, credentials },
    async stop() {
      for (const child of children) {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
