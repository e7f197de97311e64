import type { Config } from '#schema';
import { createTaskLimits, type CatchUp, type TaskLimitsView } from '#dispatch';
import type { Blobs, Clock, FeedbackLog, Result, Rng, Store, TaskQueue } from '#contracts';
import { createMemoryStore, createPostgresStore, createSqliteStore } from '#stores';
import { createFeedbackFile, createJsonLinesLog, type ClosableLog } from '#telemetry';
import { openBlobs } from './blobs.ts';
import { createSystemClock } from './clock.ts';
import { createCatchUp } from './cluster/catch-up.ts';
import { createSharedClock } from './cluster/shared-clock.ts';
import { identityOf, type Identity } from './cluster/identity.ts';
import { postgresAddress, serverProblem } from './config/postgres.ts';
import type { Ends } from './ends.ts';
import { openHome, type Home } from './home/home.ts';
import { createRecordingFile, type RecordingFile } from './recording-file.ts';
import { createSystemRng } from './rng.ts';
import { openTaskQueue, openWebhookSecret } from './tasks.ts';

/** What lives as long as the process: the world that the core is given. */
export interface World {
  readonly config: Config;
  readonly home: Home;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: ClosableLog;
  readonly store: Store;
  /** Where other processes write to it too. */
  readonly catchUp: CatchUp | undefined;
  readonly blobs: Blobs;
  readonly queue: TaskQueue;
  /** What tenants may have in it. */
  readonly limits: TaskLimitsView;
  readonly taskBlobs: Blobs;
  readonly webhookSecret: string;
  readonly recording: RecordingFile | undefined;
  readonly feedback: FeedbackLog;
}

async function openStore(
  config: Config,
  parts: { path: string; clock: Clock; log: ClosableLog },
): Promise<Store> {
  const { path, clock, log } = parts;
  const onListenerFault = (fault: unknown): void => {
    log.error('store-listener-faulted', { message: fault instanceof Error ? fault.stack : String(fault) });
  };
  if (config.store === 'memory') return createMemoryStore({ clock, onListenerFault });
  if (config.store === 'sqlite') return createSqliteStore({ path, clock, onListenerFault });
  const address = postgresAddress(config);
  try {
    return await createPostgresStore({ ...address, clock, onListenerFault });
  } catch (fault) {
    throw serverProblem(config, fault);
  }
}

/** Makes the world piece by piece; whatever was made is in `ends`, also when the next piece fails. */
export async function openWorld(config: Config, ends: Ends): Promise<Result<World>> {
  const opened = openHome(config.home);
  if (!opened.ok) return opened;
  const home = opened.value;
  const { paths } = home;
  ends.add('home', () => home.close());
  const shared = createSharedClock(createSystemClock());
  const { clock } = shared;
  const rng = createSystemRng();
  const identity = identityOf(config, paths.nodeId, rng);
  const log = createJsonLinesLog({ level: config.logLevel, path: `${paths.logs}/millrace.log` });
  ends.add('log', () => {
    log.info('platform-stopped');
    log.flush();
  });
  const store = await openStore(config, { path: paths.store, clock, log });
  ends.add('store', () => store.close());
  const peers = config.store === 'postgres' ? store.peers : undefined;
  if (peers) ends.add('clock', await shared.follow(peers));
  const catchUp = peers && createCatchUp({ peers, clock });
  const { models: blobs, tasks: taskBlobs } = await openBlobs({ config, paths, clock });
  const limits = createTaskLimits();
  const queue = await openTaskQueue({ config, path: paths.tasks, limits, clock, rng });
  ends.add('tasks', () => queue.close());
  const webhookSecret = await openWebhookSecret({ config, paths, store, rng });
  const { path } = config.recording;
  const recording =
    path === undefined
      ? undefined
      : createRecordingFile({ config: { ...config.recording, path }, clock, log });
  ends.add('recording', () => recording?.close());
  const feedback = createFeedbackFile({ path: paths.feedback });
  ends.add('feedback', () => feedback.close());
  const rest = { store, catchUp, blobs, queue, limits, taskBlobs, webhookSecret, recording, feedback };
  return { ok: true, value: { config, home, identity, clock, rng, log, ...rest } };
}
