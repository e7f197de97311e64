import { hostname } from 'node:os';
import type { Config, ProcessRole } from '#schema';
import type { Blobs, Clock, Courier, Log, Rng, Store, TaskLimits, TaskQueue } from '#contracts';
import {
  createBatchWork,
  createFairWork,
  createIds,
  createPayloads,
  createRequestWork,
  createSweeper,
  createTaskKeeper,
  createTaskRunner,
  createTaskTurns,
  createWebhookWork,
  type Directory,
  type Dispatch,
  type Payloads,
  type Runner,
  type TaskLimitsView,
  type Work,
} from '#dispatch';
import {
  batchWire,
  createInferenceWork,
  createMessagesWork,
  engineWords,
  eventAddress,
  newsOf,
  toAsk,
} from '#gateway';
import { createEventfulQueue, createMemoryQueue, createPostgresQueue, createSqliteQueue } from '#queues';
import { createWebhookCourier, webhookSecretOf } from '#transports';
import { postgresAddress } from './config/postgres.ts';
import { readSecret } from './config/secrets.ts';
import { readIfThere, writePrivately } from './home/home.ts';
import type { HomePaths } from './home/paths.ts';

export interface QueueParts {
  readonly config: Config;
  readonly path: string;
  readonly limits: TaskLimits;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** Tasks live where resources live. */
async function openPlainQueue({ config, path, limits, clock, rng }: QueueParts): Promise<TaskQueue> {
  const order = { clock, limits, turns: createTaskTurns() };
  if (config.store === 'memory') return createMemoryQueue(order);
  if (config.store === 'sqlite') return createSqliteQueue({ path, ...order });
  return createPostgresQueue({ ...postgresAddress(config), ...order, origin: rng.secretHex(8) });
}

/** The same, where somebody wants to hear of everything that becomes of tasks. */
export async function openTaskQueue(parts: QueueParts): Promise<TaskQueue> {
  const queue = await openPlainQueue(parts);
  const topic = parts.config.kafka?.events;
  if (topic === undefined) return queue;
  const [arrivals, ends] = [eventAddress(topic, 'queued'), eventAddress(topic, 'ended')];
  return createEventfulQueue(queue, { clock: parts.clock, arrivals, ends });
}

interface SecretParts {
  readonly config: Config;
  readonly paths: HomePaths;
  readonly store: Store;
  readonly rng: Rng;
}

/**
 * What the signing secrets of all tenants are made from: given, or made once and kept in the home directory. Processes
 * that share a store agree on one: some tell it, others sign with it.
 */
export async function openWebhookSecret({ config, paths, store, rng }: SecretParts): Promise<string> {
  const given = readSecret(config.tasks.webhooks.secretEnv);
  if (given !== undefined && given !== '') return given;
  const kept = readIfThere(paths.webhookKey);
  const isKept = kept !== undefined && kept !== '';
  const own = isKept ? kept : rng.secretHex(32);
  const agreed = await (config.store === 'postgres' ? store.peers?.agree('webhook-secret', own) : undefined);
  if (!isKept && agreed === undefined) writePrivately(paths.webhookKey, `${own}\n`);
  return agreed ?? own;
}

export interface TaskParts {
  readonly config: Config;
  readonly roles: ReadonlySet<ProcessRole>;
  readonly webhookSecret: string;
  readonly queue: TaskQueue;
  readonly limits: TaskLimitsView;
  readonly blobs: Blobs;
  readonly directory: Directory;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

export interface Tasks {
  readonly queue: TaskQueue;
  readonly limits: TaskLimitsView;
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
/** Batches wait most of the time. */
const batchesMax = 64;
const batchesOfTenantMax = 32;

/** Runs the request endpoints that engines have, and those that are translated for them. */
function createWork({ directory, dispatch, clock }: TaskParts): Work {
  const run = createRequestWork({ dispatch, toAsk, wordsOf: engineWords, answerBytesMax });
  const infer = createInferenceWork({ directory, clock, run });
  const works = new Map([
    ['/v1/inference', infer],
    ['/v1/messages', createMessagesWork(run)],
  ]);
  return (task, input, listener) => (works.get(task.endpoint) ?? run)(task, input, listener);
}

interface Workshop extends TaskParts {
  readonly worker: string;
  readonly payloads: Payloads;
  readonly courier: Courier;
}

/** Its work goes on anywhere, at any time: nobody waits for its end. */
function impatient(runner: Runner): Runner {
  return { start: () => runner.start(), stop: () => runner.stop(0) };
}

/** One runner for each lane that is work. */
function createRunners(shop: Workshop): readonly Runner[] {
  const { config, queue, payloads, directory, courier, worker, clock, rng, log } = shop;
  const { concurrency, leaseMs } = config.tasks;
  if (concurrency === 0) return [];
  const deps = { queue, payloads, clock, rng, log };
  const tell = createWebhookWork({ queue, courier, tell: newsOf });
  const nextId = createIds({ clock, rng });
  const plain = createBatchWork({ queue, payloads, directory, clock, nextId, wire: batchWire });
  const batch = createFairWork(plain, batchesOfTenantMax);
  return [
    createTaskRunner(deps, { lane: 'request', worker, work: createWork(shop), concurrency, leaseMs }),
    createTaskRunner(deps, { lane: 'webhook', worker, work: tell, concurrency: deliveriesMax, leaseMs }),
    impatient(
      createTaskRunner(deps, { lane: 'batch', worker, work: batch, concurrency: batchesMax, leaseMs }),
    ),
  ];
}

/** The durable tasks of this process: what takes them in, runs them and tells of their ends. */
export function composeTasks(parts: TaskParts): Tasks {
  const { config, roles, webhookSecret: secret, queue, blobs, clock, rng, log } = parts;
  const payloads = createPayloads({ blobs, rng, clock });
  const { allowPrivate } = config.tasks.webhooks;
  const courier = createWebhookCourier({ clock, platformSecret: secret, allowPrivate });
  const keeper = createTaskKeeper({ queue, payloads, clock, log });
  const sweeper = createSweeper({ queue, blobs, clock, log });
  const worker = `${hostname()}.${process.pid}.${rng.secretHex(4)}`;
  const runners = roles.has('worker') ? createRunners({ ...parts, payloads, courier, worker }) : [];
  const isTending = roles.has('worker') || roles.has('control');
  return {
    queue,
    limits: parts.limits,
    payloads,
    webhookSecretOf: (tenant) => webhookSecretOf(secret, tenant),
    worker,
    start() {
      if (isTending) {
        keeper.start();
        sweeper.start();
      }
      for (const runner of runners) runner.start();
    },
    async stop(graceMs) {
      await Promise.all(runners.map((runner) => runner.stop(graceMs)));
      await Promise.all([keeper.stop(), sweeper.stop()]);
      await courier.close();
    },
  };
}
