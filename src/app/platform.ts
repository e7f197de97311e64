import { readFileSync } from 'node:fs';
import { problem, ProblemError, problemOf, type Config } from '#schema';
import type { Blobs, Clock, Log, Result, Store, Substrate, TaskQueue } from '#contracts';
import { createDiskBlobs } from '#blobs';
import { createControl, createInspect } from '#control';
import {
  createDirectory,
  createRecorder,
  type Directory,
  type DirectoryDeps,
  type Recorder,
} from '#dispatch';
import { createEngines } from '#engines';
import { createGateway } from '#gateway';
import { createSources } from '#sources';
import { createMemoryStore, createPostgresStore, createSqliteStore } from '#stores';
import { createProcessSubstrate } from '#substrates';
import { createJsonLinesLog, createPrometheusMeters, type ClosableLog } from '#telemetry';
import { createHttpTransport } from '#transports';
import { createSystemClock } from './clock.ts';
import { inheritedEnvironment } from './config/inherited.ts';
import { postgresAddress } from './config/postgres.ts';
import { readSecret } from './config/secrets.ts';
import { keepCurves } from './curve-keeper.ts';
import { createEnds, type Ends } from './ends.ts';
import { externalHeaders } from './external-headers.ts';
import { feed } from './feed.ts';
import { composeKafka } from './kafka.ts';
import { prepareFirstStart } from './first-start.ts';
import { createHardwareOf } from './hardware.ts';
import { openHome, type Home } from './home/home.ts';
import { createRecordingFile, type RecordingFile } from './recording-file.ts';
import { composeRequestPath } from './request-path.ts';
import { createSystemRng } from './rng.ts';
import { composeTasks, openTaskQueue } from './tasks.ts';
import { batchSizeMaxOf, servingOf } from './serving.ts';
import { startProblem } from './start-problem.ts';
import { readVersion } from './version.ts';

export interface Platform {
  /** Base URL of the gateway. */
  readonly url: string;
  /** The administrator's key, when this start made it. */
  readonly adminKey: string | undefined;
  /** Stops accepting, drains, stops replicas, writes everything out. */
  stop(): Promise<void>;
}

/** What lives as long as the process: the world that the core is given. */
interface World {
  readonly config: Config;
  readonly home: Home;
  readonly clock: Clock;
  readonly log: ClosableLog;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly queue: TaskQueue;
  readonly taskBlobs: Blobs;
  readonly recording: RecordingFile | undefined;
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
  return createPostgresStore({ ...postgresAddress(config), clock, exclusive: true, onListenerFault });
}

/** Makes the world piece by piece; whatever was made is in `ends`, also when the next piece fails. */
async function openWorld(config: Config, ends: Ends): Promise<Result<World>> {
  const home = openHome(config.home);
  if (!home.ok) return home;
  ends.add('home', () => home.value.close());
  const clock = createSystemClock();
  const log = createJsonLinesLog({ level: config.logLevel, path: `${home.value.paths.logs}/millrace.log` });
  ends.add('log', () => {
    log.info('platform-stopped');
    log.flush();
  });
  const store = await openStore(config, { path: home.value.paths.store, clock, log });
  ends.add('store', () => store.close());
  const blobs = await createDiskBlobs({ dir: home.value.paths.blobs });
  const queue = await openTaskQueue({ config, path: home.value.paths.tasks, clock, rng: createSystemRng() });
  ends.add('tasks', () => queue.close());
  const taskBlobs = await createDiskBlobs({ dir: home.value.paths.taskBlobs });
  const { path } = config.recording;
  const recording =
    path === undefined
      ? undefined
      : createRecordingFile({ config: { ...config.recording, path }, clock, log });
  ends.add('recording', () => recording?.close());
  const value = { config, home: home.value, clock, log, store, blobs, queue, taskBlobs, recording };
  return { ok: true, value };
}

function openSubstrate({ home, clock, log }: Pick<World, 'home' | 'clock' | 'log'>): Substrate {
  const { run: runDir, logs: logDir } = home.paths;
  return createProcessSubstrate({ runDir, logDir, clock, log, environment: inheritedEnvironment() });
}

interface DirectoryParts {
  readonly engines: ReturnType<typeof createEngines>;
  readonly log: Log;
  readonly recorder: Recorder | undefined;
}

function openDirectory({ engines, log, recorder }: DirectoryParts): Directory {
  const deps: DirectoryDeps = {
    headersOf(deployment) {
      const headers = externalHeaders(engines, deployment);
      if (headers.ok) return headers.value;
      log.warn('credentials-missing', {
        deployment: deployment.metadata.name,
        message: headers.problem.message,
      });
      return [];
    },
    hardwareOf: createHardwareOf(),
    servingOf: (deployment) => servingOf(engines, deployment),
    batchSizeMaxOf: (deployment) => batchSizeMaxOf(engines, deployment),
  };
  if (recorder === undefined) return createDirectory(deps);
  return recorder.directory(createDirectory(recorder.directoryDeps(deps)));
}

/** Everything is made here and handed to whoever needs it; nothing makes its own. */
function compose({ config, home, clock, log, store, blobs, queue, taskBlobs, recording }: World) {
  const rng = createSystemRng();
  const meters = createPrometheusMeters();
  const common = { clock, rng, log, meters };
  const engines = createEngines({ secret: readSecret });
  const substrate = openSubstrate({ home, clock, log });
  const substrates = new Map([[substrate.name, substrate]]);
  const sources = createSources({ hubUrl: config.hf.endpoint, token: readSecret(config.hf.tokenEnv) });
  const transport = createHttpTransport(clock);
  const recorder = recording && createRecorder({ clock, write: recording.write });
  const directory = openDirectory({ engines, log, recorder });
  const core = { store, blobs, engines, clock, rng, log };
  const dispatch = composeRequestPath({ directory, transport, recorder, ...common });
  const inspect = createInspect({ blobs, engines });
  const { paths } = home;
  const tasks = composeTasks({
    config,
    paths,
    queue,
    blobs: taskBlobs,
    directory,
    dispatch,
    clock,
    rng,
    log,
  });
  const kafka = composeKafka({ config, tasks, directory, clock, rng, log });
  const gateway = createGateway({
    config,
    tls: config.tls && { cert: readFileSync(config.tls.cert), key: readFileSync(config.tls.key) },
    directory,
    dispatch,
    ...common,
    tasks,
    admin: {
      ...core,
      inspect,
      standings: dispatch.loads,
      replicaLogs: (replica, lines) => substrate.logs(replica, lines),
      bodyLimitBytes: config.limits.bodyBytes,
      info: { version: readVersion(), startedAtMs: clock.nowMs() },
    },
  });
  const { loads } = dispatch;
  const { evidence } = directory;
  const control = createControl({ ...core, substrates, sources, meters, evidence, loads });
  return { rng, directory, transport, gateway, control, tasks, kafka };
}

type Parts = ReturnType<typeof compose>;

/** Brings it to life. What is made last ends first: the gateway drains while control and store still work. */
async function bringUp(world: World, parts: Parts, ends: Ends): Promise<Result<Omit<Platform, 'stop'>>> {
  const { config, home, clock, store, log } = world;
  const graceMs = config.limits.shutdownMs;
  ends.add('feed', await feed(store, [parts.directory, parts.gateway], log));
  ends.add('transport', () => parts.transport.close());
  const { curves } = parts.directory;
  ends.add('curves', keepCurves({ curves, store, clock, log }));
  let controlling = false;
  ends.add('control', () => controlling && parts.control.stop({ replicas: 'stop', graceMs }));
  ends.add('gateway', () =>
    Promise.all([parts.kafka?.stop(graceMs), parts.tasks.stop(graceMs), parts.gateway.close(graceMs)]),
  );
  const listening = await parts.gateway.listen();
  if (!listening.ok) return listening;
  // Only now: a key that was made for a start that fails would never be shown.
  const adminKey = await prepareFirstStart({ config, paths: home.paths, store, rng: parts.rng });
  home.announce(listening.value);
  controlling = true;
  await parts.control.start();
  parts.tasks.start();
  parts.kafka?.start();
  log.info('platform-started', { url: listening.value });
  return { ok: true, value: { url: listening.value, adminKey } };
}

async function startIn(config: Config, ends: Ends): Promise<Result<Omit<Platform, 'stop'>>> {
  try {
    const world = await openWorld(config, ends);
    return world.ok ? await bringUp(world.value, compose(world.value), ends) : world;
  } catch (fault) {
    return { ok: false, problem: startProblem(fault, config.home) };
  }
}

async function stopAll(ends: Ends): Promise<void> {
  const faulty = await ends.run();
  if (faulty.length === 0) return;
  const told = faulty.map(({ what, fault }) => `${what}: ${problemOf(fault).message}`);
  throw new ProblemError(
    problem('internal', `The platform has stopped, but not cleanly. ${told.join('; ')}`),
  );
}

/**
 * Small buffers are cut from pieces of this size. Node's own 8 KiB hold a dozen answers of a chat, and each new piece
 * costs as much as an answer.
 */
const bufferPoolBytes = 65_536;

/** Starts gateway and control plane in this process, engines as its children. A start that fails leaves nothing. */
export async function startPlatform(config: Config): Promise<Result<Platform>> {
  Buffer.poolSize = bufferPoolBytes;
  const ends = createEnds();
  const started = await startIn(config, ends);
  if (started.ok) return { ok: true, value: { ...started.value, stop: () => stopAll(ends) } };
  // Why it could not start says more than what else went wrong on the way out.
  await ends.run();
  return started;
}
