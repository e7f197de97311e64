import { problem, ProblemError, problemOf, type Config } from '#schema';
import type { Result, Substrate } from '#contracts';
import { createControl, createInspect, createNode, type Node } from '#control';
import { createEngines } from '#engines';
import { createGateway, type Gateway } from '#gateway';
import { createSources } from '#sources';
import { createProcessSubstrate } from '#substrates';
import { createPrometheusMeters } from '#telemetry';
import { createCluster } from './cluster/cluster.ts';
import type { Cluster } from './cluster/part.ts';
import { inheritedEnvironment } from './config/inherited.ts';
import { s3Settings } from './config/s3.ts';
import { readSecret } from './config/secrets.ts';
import { tlsPair } from './config/tls.ts';
import { keepCurves } from './curve-keeper.ts';
import { createEnds, type Ends } from './ends.ts';
import { feed } from './feed.ts';
import { prepareFirstStart } from './first-start.ts';
import { composeRequests, type Requests } from './requests.ts';
import { startProblem } from './start-problem.ts';
import { readVersion } from './version.ts';
import { openWorld, type World } from './world.ts';

export interface Platform {
  /** Base URL of the gateway, where this process has one. */
  readonly url: string | undefined;
  /** Its name among the processes of the platform. */
  readonly name: string;
  /** The administrator's key, when this start made it. */
  readonly adminKey: string | undefined;
  /** Stops accepting, drains, stops replicas, writes everything out. */
  stop(): Promise<void>;
}

/** Sockets where nobody else has to reach them; ports where other processes of the platform do. */
function openSubstrate({ config, home, identity, clock, log }: World): Substrate | undefined {
  if (!identity.roles.has('worker')) return undefined;
  const { run: runDir, logs: logDir } = home.paths;
  const { advertise, role } = config.cluster;
  const reach =
    advertise === undefined && role === 'all' ? {} : { listenOn: 'tcp' as const, host: advertise };
  return createProcessSubstrate({
    runDir,
    logDir,
    clock,
    log,
    environment: inheritedEnvironment(),
    ...reach,
  });
}

/** What everything that is made here stands on. */
function openCommon(world: World) {
  const { clock, rng, log, store, blobs } = world;
  const meters = createPrometheusMeters();
  const engines = createEngines({ secret: readSecret });
  return { core: { store, blobs, engines, clock, rng, log }, common: { clock, rng, log, meters } };
}

type Common = ReturnType<typeof openCommon>;

function composeGateway(
  world: World,
  { core, common }: Common,
  parts: Requests & { readonly substrate: Substrate | undefined; readonly cluster: Cluster },
): Gateway {
  const { config, clock } = world;
  const { directory, dispatch, tasks, substrate, cluster } = parts;
  return createGateway({
    config,
    tls: tlsPair(config),
    directory,
    dispatch,
    ...common,
    catchUp: world.catchUp,
    tasks,
    feedback: world.feedback,
    rateElsewhere: cluster.rateElsewhere,
    admin: {
      ...core,
      inspect: createInspect(core),
      standings: dispatch.loads,
      replicaLogs: async (replica, lines) => (await substrate?.logs(replica, lines)) ?? [],
      bodyLimitBytes: config.limits.bodyBytes,
      info: { version: readVersion(), startedAtMs: clock.nowMs() },
    },
  });
}

function openSources({ hf, s3 }: Config): ReturnType<typeof createSources> {
  return createSources({ hubUrl: hf.endpoint, token: readSecret(hf.tokenEnv), s3: s3Settings(s3) });
}

const dayMs = 86_400_000;

/** Everything is made here and handed to whoever needs it; nothing makes its own. */
function compose(world: World) {
  const { config, identity } = world;
  const all = openCommon(world);
  const { core, common } = all;
  const substrate = openSubstrate(world);
  const requests = composeRequests(world, { engines: core.engines, ...common });
  const { directory, dispatch } = requests;
  const cluster = createCluster({ world, directory, dispatch, substrate });
  const auditKeepMs = config.audit.keepDays * dayMs;
  const sources = openSources(config);
  return {
    ...requests,
    cluster,
    gateway: identity.roles.has('gateway')
      ? composeGateway(world, all, { ...requests, substrate, cluster })
      : undefined,
    node:
      substrate &&
      createNode({
        ...core,
        meters: common.meters,
        node: cluster.node,
        substrates: new Map([[substrate.name, substrate]]),
      }),
    createControl: (surroundings: Parameters<Parameters<typeof cluster.lead>[0]>[0]) =>
      createControl({ ...core, meters: common.meters, sources, auditKeepMs, ...surroundings }),
  };
}

type Parts = ReturnType<typeof compose>;

/** In a cluster others take over while its replicas finish; alone, whoever asked has been answered by now. */
async function endNode(node: Node, { cluster }: Parts, graceMs: number): Promise<void> {
  if (cluster.node !== undefined) {
    await cluster.leaving();
    await node.drain(graceMs);
  }
  await node.stop({ replicas: 'stop', graceMs });
}

/** What is behind the gateway: control where it is this process's turn, replicas where they can run here, tasks. */
async function startBehind(world: World, parts: Parts, ends: Ends): Promise<void> {
  const { identity } = world;
  const { cluster, node, tasks, kafka } = parts;
  if (identity.roles.has('control')) await cluster.lead(parts.createControl, ends);
  await node?.start();
  tasks.start();
  kafka?.start();
}

/** Brings it to life. What is made last ends first: the gateway drains while control and store still work. */
async function bringUp(world: World, parts: Parts, ends: Ends): Promise<Result<Omit<Platform, 'stop'>>> {
  const { config, home, clock, store, log, rng, identity } = world;
  const graceMs = config.limits.shutdownMs;
  const { gateway, tasks, kafka, cluster, transport, directory, node } = parts;
  ends.add(
    'feed',
    await feed([directory, cluster, world.limits, ...(gateway ? [gateway] : [])], { store, log, clock }),
  );
  ends.add('transport', () => transport.close());
  ends.add('curves', keepCurves({ curves: directory.curves, store, clock, log }));
  await cluster.join(ends);
  const nodes = createEnds();
  let started = false;
  if (node !== undefined) ends.add('node', () => (started ? endNode(node, parts, graceMs) : undefined));
  ends.add('behind', () => nodes.run());
  ends.add('gateway', () =>
    Promise.all([kafka?.stop(graceMs), tasks.stop(graceMs), gateway?.close(graceMs)]),
  );
  const listening = await gateway?.listen();
  if (listening?.ok === false) return listening;
  const url = listening?.value;
  // Only now: a key that was made for a start that fails would never be shown.
  const isFirst = gateway !== undefined;
  const adminKey = isFirst ? await prepareFirstStart({ config, paths: home.paths, store, rng }) : undefined;
  if (url !== undefined) home.announce(url);
  started = true;
  await startBehind(world, parts, nodes);
  log.info('platform-started', { url, node: identity.name });
  return { ok: true, value: { url, adminKey, name: identity.name } };
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
