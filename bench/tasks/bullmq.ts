import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from './contender.ts';

const payload = { model: 'demo', messages: [{ role: 'user', content: 'x'.repeat(300) }] };
const names = { queue: 'bullmq', client: 'ioredis' };
const parallel = 64;

/** Redis as durable as the others: its log is synced before it answers. */
async function startRedis(): Promise<{ readonly socket: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-redis-'));
  const socket = join(folder, 'redis.sock');
  const flags = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--appendonly', 'yes'];
  const child = spawn('redis-server', [...flags, '--appendfsync', 'always', '--save', ''], {
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await delay(1000);
  return {
    socket,
    async stop() {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** BullMQ over Redis; undefined where there is no Redis here. */
export async function startBullmq(require: NodeJS.Require): Promise<Contender | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const { Queue, Worker } = require(names.queue);
  const { Redis } = require(names.client);
  const redis = await startRedis();
  const connect = () => new Redis({ path: redis.socket, maxRetriesPerRequest: null });
  const connections = [connect(), connect()];
  const queue = new Queue('bench', { connection: connections[0] });
  const marked = new Queue('marked', { connection: connections[1] });
  const workers: { close(force: boolean): Promise<void> }[] = [];
  function work(
    name: string,
    handle: (job: { data: { mark: string } }) => Promise<void>,
    concurrency: number,
  ) {
    const connection = connect();
    connections.push(connection);
    const worker = new Worker(name, handle, { connection, concurrency });
    worker.on('error', () => undefined);
    workers.push(worker);
    return worker;
  }
  return {
    name: 'BullMQ',
    async submit() {
      await queue.add('bench', payload);
    },
    async submitMany(count) {
      await queue.addBulk(Array.from({ length: count }, () => ({ name: 'bench', data: payload })));
    },
    async drain() {
      const waiting: number = await queue.getWaitingCount();
      let done = 0;
      const worker = work('bench', async () => Promise.resolve(), parallel);
      await new Promise<void>((resolve) => {
        worker.on('completed', () => {
          done += 1;
          if (done >= waiting) resolve();
        });
        if (waiting === 0) resolve();
      });
      await worker.close(true);
      return done;
    },
    async work(started) {
      work('marked', async ({ data }) => Promise.resolve(started(data.mark)), 4);
      return Promise.resolve();
    },
    async submitMarked(mark) {
      await marked.add('marked', { mark });
    },
    async stop() {
      for (const worker of workers) await worker.close(true);
      await queue.close();
      await marked.close();
      for (const connection of connections) connection.disconnect();
      await redis.stop();
    },
  };
}
