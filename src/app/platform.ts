import { readFileSync } from 'node:fs';
import { problemOf, type Config } from '#schema';
import type { Blobs, Clock, Result, Store, Substrate } from '#contracts';
import { createDiskBlobs } from '#blobs';
import { createControl } from '#control';
import { createDirectory, createDispatch } from '#dispatch';
import { createEngines } from '#engines';
import { createGateway } from '#gateway';
import { createSources } from '#sources';
import { createMemoryStore, createSqliteStore } from '#stores';
import { createProcessSubstrate } from '#substrates';
import { createJsonLinesLog, createPrometheusMeters, type ClosableLog } from '#telemetry';
import { createHttpTransport } from '#transports';
import { createSystemClock } from './clock.ts';
import { inheritedEnvironment } from './config/inherited.ts';
import { readSecret } from './config/secrets.ts';
import { externalHeaders } from './external-headers.ts';
import { feed } from './feed.ts';
import { prepareFirstStart } from './first-start.ts';
import { openHome, type Home } from './home/home.ts';
import { createInspect } from './inspect.ts';
import { createSystemRng } from './rng.ts';
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
}

function openStore(config: Config, parts: { path: string; clock: Clock; log: ClosableLog }): Store {
  const onListenerFault = (fault: unknown): void => {
    parts.log.error('store-listener-faulted', {
      message: fault instanceof Error ? fault.stack : String(fault),
    });
  };
  return config.store === 'memory'
    ? createMemoryStore({ clock: parts.clock, onListenerFault })
    : createSqliteStore({ path: parts.path, clock: parts.clock, onListenerFault });
}

async function openWorld(config: Config): Promise<Result<World>> {
  const home = openHome(config.home);
  if (!home.ok) return home;
  const clock = createSystemClock();
  const log = createJsonLinesLog({ level: config.logLevel, path: `${home.value.paths.logs}/millrace.log` });
  try {
    const store = openStore(config, { path: home.value.paths.store, clock, log });
    const blobs = await createDiskBlobs({ dir: home.value.paths.blobs });
    return { ok: true, value: { config, home: home.value, clock, log, store, blobs } };
  } catch (fault) {
    home.value.close();
    return { ok: false, problem: problemOf(fault) };
  }
}

function openSubstrate({ home, clock, log }: Pick<World, 'home' | 'clock' | 'log'>): Substrate {
  const { run: runDir, logs: logDir } = home.paths;
  return createProcessSubstrate({ runDir, logDir, clock, log, environment: inheritedEnvironment() });
}

/** Everything is made here and handed to whoever needs it; nothing makes its own. */
function compose({ config, home, clock, log, store, blobs }: World) {
  const rng = createSystemRng();
  const meters = createPrometheusMeters();
  const engines = createEngines({ secret: readSecret });
  const substrate = openSubstrate({ home, clock, log });
  const substrates = new Map([[substrate.name, substrate]]);
  const sources = createSources({ hubUrl: config.hf.endpoint, token: readSecret(config.hf.tokenEnv) });
  const transport = createHttpTransport(clock);
  const directory = createDirectory({
    headersOf(deployment) {
      const headers = externalHeaders(engines, deployment);
      if (headers.ok) return headers.value;
      log.warn('credentials-missing', {
        deployment: deployment.metadata.name,
        message: headers.problem.message,
      });
      return [];
    },
  });
  const dispatch = createDispatch({ directory, transport, clock, meters });
  const inspect = createInspect(blobs, engines);
  const gateway = createGateway({
    config,
    tls: config.tls && { cert: readFileSync(config.tls.cert), key: readFileSync(config.tls.key) },
    directory,
    dispatch,
    clock,
    rng,
    log,
    meters,
    admin: {
      store,
      blobs,
      engines,
      inspect,
      replicaLogs: (replica, lines) => substrate.logs(replica, lines),
      clock,
      rng,
      bodyLimitBytes: config.limits.bodyBytes,
      info: { version: readVersion(), startedAtMs: clock.nowMs() },
    },
  });
  const control = createControl({ store, blobs, engines, substrates, sources, clock, rng, log, meters });
  return { rng, directory, transport, gateway, control };
}

type Parts = ReturnType<typeof compose>;

async function shutDown(world: World, parts: Parts): Promise<void> {
  const graceMs = world.config.limits.shutdownMs;
  await parts.gateway.close(graceMs);
  await parts.control.stop({ replicas: 'stop', graceMs });
  await parts.transport.close();
}

async function leave({ store, log, home }: World): Promise<void> {
  await store.close();
  log.info('platform-stopped');
  log.flush();
  home.close();
}

async function bringUp(world: World, parts: Parts): Promise<Result<Platform>> {
  const { config, home, store, log } = world;
  const adminKey = await prepareFirstStart({ config, paths: home.paths, store, rng: parts.rng });
  const stopFeed = await feed(store, [parts.directory, parts.gateway], log);
  const listening = await parts.gateway.listen();
  if (!listening.ok) return listening;
  home.announce(listening.value);
  await parts.control.start();
  log.info('platform-started', { url: listening.value });
  const platform: Platform = {
    url: listening.value,
    adminKey,
    async stop() {
      await shutDown(world, parts);
      stopFeed();
      await leave(world);
    },
  };
  return { ok: true, value: platform };
}

/** Starts gateway and control plane in this process, engines as its children. */
export async function startPlatform(config: Config): Promise<Result<Platform>> {
  const world = await openWorld(config);
  if (!world.ok) return world;
  let started: Result<Platform>;
  try {
    started = await bringUp(world.value, compose(world.value));
  } catch (fault) {
    started = { ok: false, problem: problemOf(fault) };
  }
  if (!started.ok) await leave(world.value);
  return started;
}
