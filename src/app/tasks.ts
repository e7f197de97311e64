import { hostname } from 'node:os';
import type { Config } from '#schema';
import type { Blobs, Clock, Log, Rng, TaskQueue } from '#contracts';
import {
  createPayloads,
  createRequestWork,
  createTaskKeeper,
  createTaskRunner,
  createWebhookWork,
  type Directory,
  type Dispatch,
  type Payloads,
  type Runner,
  type Work,
} from '#dispatch';
import { createInferenceWork, newsOf, toAsk } from '#gateway';
import { createMemoryQueue, createPostgresQueue, createSqliteQueue } from '#queues';
import { createWebhookCourier, webhookSecretOf } from '#transports';
import { postgresAddress } from './config/postgres.ts';
import { readSecret } from './config/secrets.ts';
import { readIfThere, writePrivately } from './home/home.ts';
import type { HomePaths } from './home/paths.ts';

export interface QueueParts {
  readonly config: Config;
  readonly path: string;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** Tasks live where resources live. */
export async function openTaskQueue({ config, path, clock, rng }: QueueParts): Promise<TaskQueue> {
  if (config.store === 'memory') return createMemoryQueue({ clock });
  if (config.store === 'sqlite') return createSqliteQueue({ path, clock });
  return createPostgresQueue({ ...postgresAddress(config), clock, origin: rng.secretHex(8) });
}

/** What the signing secrets of all tenants are made from: given, or made once and kept in the home directory. */
function platformSecret(config: Config, paths: HomePaths, rng: Rng): string {
  const known = readSecret(config.tasks.webhooks.secretEnv) ?? readIfThere(paths.webhookKey);
  if (known !== undefined && known !== '') return known;
  const made = rng.secretHex(32);
  writePrivately(paths.webhookKey, `${made}\n`);
  return made;
}

export interface TaskParts {
  readonly config: Config;
  readonly paths: HomePaths;
  readonly queue: TaskQueue;
  readonly blobs: Blobs;
  readonly directory: Directory;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

export interface Tasks {
  readonly queue: TaskQueue;
  readonly payloads: Payloads;
  readonly webhookSecretOf: (tenant: string) => string;
  /** How workers of this process are called; every life of it has another name. */
  readonly worker: string;
  start(): void;
  /** Claims no more at once; what does not end in time is given back. */
  stop(graceMs: number): Promise<void>;
}

/** An answer longer than this is no answer. */
const answerBytesMax = 256 * 1024 * 1024;
const deliveriesMax = 8;

/** Runs the request endpoints that engines have, and those that are translated for them. */
function createWork({ directory, dispatch, clock }: TaskParts): Work {
  const run = createRequestWork({ dispatch, toAsk, answerBytesMax });
  const infer = createInferenceWork({ directory, clock, run });
  return (task, input, listener) => (task.endpoint === '/v1/inference' ? infer : run)(task, input, listener);
}

/** The durable tasks of this process: what takes them in, runs them and tells of their ends. */
export function composeTasks(parts: TaskParts): Tasks {
  const { config, paths, queue, blobs, clock, rng, log } = parts;
  const secret = platformSecret(config, paths, rng);
  const payloads = createPayloads(blobs, rng);
  const { concurrency, leaseMs, webhooks } = config.tasks;
  const { allowPrivate } = webhooks;
  const courier = createWebhookCourier({ clock, platformSecret: secret, allowPrivate });
  const deps = { queue, payloads, clock, rng, log };
  const keeper = createTaskKeeper(deps);
  const worker = `${hostname()}.${process.pid}.${rng.secretHex(4)}`;
  const tell = createWebhookWork({ queue, courier, tell: newsOf });
  const runners: readonly Runner[] =
    concurrency === 0
      ? []
      : [
          createTaskRunner(deps, { lane: 'request', worker, work: createWork(parts), concurrency, leaseMs }),
          createTaskRunner(deps, {
            lane: 'webhook',
            worker,
            work: tell,
            concurrency: deliveriesMax,
            leaseMs,
          }),
        ];
  return {
    queue,
    payloads,
    webhookSecretOf: (tenant) => webhookSecretOf(secret, tenant),
    worker,
    start() {
      keeper.start();
      for (const runner of runners) runner.start();
    },
    async stop(graceMs) {
      await Promise.all(runners.map((runner) => runner.stop(graceMs)));
      await keeper.stop();
      await courier.close();
    },
  };
}
