import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cache, cacheFile, cacheFolder } from '../harness/cache.ts';
import type { Gateway, Peer } from './peer.ts';
import { cores, freePort, startProgram } from '../harness/process.ts';

const key = ['Authorization: Bearer sk-bench-0123456789'];

async function onGatewayCore(
  name: string,
  command: string,
  argsFor: (port: number) => readonly string[],
): Promise<Gateway> {
  const port = await freePort();
  const logPath = `${cache}/${name}.log`;
  const running = await startProgram({ command, args: argsFor(port), core: cores.gateway, port, logPath });
  return { ...running, port, headers: key };
}

/** No gateway at all: what client and upstream need by themselves. */
const direct: Peer = {
  name: 'direct',
  start: async (port) => ({ port, pid: undefined, headers: key, stop: async () => {} }),
};

const relay: Peer = {
  name: 'relay',
  start: (upstream) => onGatewayCore('relay', `${cache}/relay`, (port) => [String(port), String(upstream)]),
};

/** The least that node:http and undici can do: check a key, find `model` by parsing, pass on. */
const dispatch: Peer = {
  name: 'node-minimal',
  start: (upstream) =>
    onGatewayCore('node-minimal', process.execPath, (port) => [
      fileURLToPath(new URL('peers/minimal.mjs', import.meta.url)),
      String(port),
      String(upstream),
    ]),
};

function nginxConfig(port: number, upstream: number): string {
  const folder = cacheFolder('nginx');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/errors warn;
events { worker_connections 4096; }
http {
  access_log off; tcp_nodelay on; server_tokens off; keepalive_timeout 3600s; keepalive_requests 1000000000;
  client_body_buffer_size 256k; client_max_body_size 20m;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  upstream bench { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; keepalive_timeout 3600s; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://bench; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
  }
}
`;
}

const nginx: Peer = {
  name: 'nginx',
  async start(upstream) {
    const command = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find((path) =>
      existsSync(path),
    );
    if (!command) return 'nginx is not installed';
    const folder = cacheFolder('nginx');
    return onGatewayCore('nginx', command, (port) => [
      '-p',
      folder,
      '-e',
      `${folder}/errors`,
      '-c',
      cacheFile('nginx/nginx.conf', nginxConfig(port, upstream)),
    ]);
  },
};

/** With the newest @hono/node-server its streams fail; with this one they work. */
const portkeyPackage = {
  private: true,
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  overrides: { '@hono/node-server': '1.14.1' },
};

function installPortkey(folder: string): boolean {
  const program = `${folder}/node_modules/@portkey-ai/gateway/build/start-server.js`;
  if (existsSync(program)) return true;
  writeFileSync(`${folder}/package.json`, JSON.stringify(portkeyPackage));
  console.log('Installing @portkey-ai/gateway for comparison …');
  spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'inherit',
  });
  return existsSync(program);
}

const portkey: Peer = {
  name: 'portkey',
  async start(upstream) {
    const folder = cacheFolder('portkey');
    if (!installPortkey(folder)) return 'npm could not install @portkey-ai/gateway';
    const program = `${folder}/node_modules/@portkey-ai/gateway/build/start-server.js`;
    const gateway = await onGatewayCore('portkey', process.execPath, (port) => [
      program,
      '--headless',
      `--port=${port}`,
    ]);
    const target = `x-portkey-custom-host: http://127.0.0.1:${upstream}/v1`;
    return { ...gateway, headers: [...key, 'x-portkey-provider: openai', target] };
  },
};

export const otherPeers: readonly Peer[] = [direct, relay, nginx, dispatch, portkey];
