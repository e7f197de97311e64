import { createControl, createNode, type ControlDeps, type StopNode } from '#control';
import {
  resourceSchemas,
  type Deployment,
  type ModelVersion,
  type Replica,
  type ReplicaState,
  type Resource,
} from '#schema';
import {
  type Blobs,
  type Engine,
  type LoadReading,
  type Log,
  type LogFacts,
  type SignsOfLife,
  silentMeters,
  type Source,
  type Store,
  type VersionDoings,
} from '#contracts';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryStore } from '#stores/memory';
import { createFakeMachine, createFakeSubstrate, type FakeMachine, type Fate } from '#substrates/fake';
import { createSeededRng } from './seeded-rng.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** How the replicas of a story answer when they are asked for signs of life; `silent` ones do not. */
type Script = (replica: string, ageMs: number) => SignsOfLife | 'silent';

export const idle: SignsOfLife = { state: 'ready', progress: 0, active: 0, queued: 0 };

/** Control and the one node of a platform, together. */
export interface RunningControl {
  stop(options: StopNode): Promise<void>;
}

export interface ControlWorld {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly machine: FakeMachine;
  readonly deps: ControlDeps;
  readonly logged: readonly { readonly event: string; readonly facts: LogFacts }[];
  /** Everything the store was told, in order. */
  readonly history: readonly Resource[];
  /** What gateways have counted, by template. */
  readonly evidence: Map<string, VersionDoings>;
  script: Script;
  /** What requests come, by deployment; a request that no replica can take is told by `starve`. */
  readonly loads: Map<string, LoadReading>;
  starve(deployment: string): void;
  fate: (replica: string, start: number) => Fate;
  /** A control plane over this world, started. Another one is a restart. */
  control(): Promise<RunningControl>;
  put(resource: Resource): Promise<void>;
  remove(kind: Resource['kind'], name: string): Promise<void>;
  replicas(...states: ReplicaState[]): Promise<readonly Replica[]>;
  deployment(name: string): Promise<Deployment>;
  version(name: string): Promise<ModelVersion>;
}

interface Parts {
  readonly blobs?: Blobs;
  readonly sources?: readonly Source[];
  readonly engines?: readonly Engine[];
  readonly wrapStore?: (store: Store) => Store;
}

function scriptedEngine(world: () => ControlWorld): Engine {
  return {
    name: 'scripted',
    dialect: 'openai',
    formats: [],
    endpoints: ['/v1/chat/completions'],
    concurrency: () => 4,
    parseOptions: () => ({ ok: true, value: {} }),
    launch: () => ({ kind: 'process', entry: 'file:///scripted', args: [], env: {} }),
    async life(endpoint, signal) {
      const { clock, script } = world();
      const replica = new URL(endpoint).hostname.split('.')[0] ?? '';
      const first = firstSeen.get(replica) ?? clock.nowMs();
      firstSeen.set(replica, first);
      const said = script(replica, clock.nowMs() - first);
      if (said !== 'silent') return { ok: true, value: said };
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('gave up')), { once: true });
      });
    },
  };
}
const firstSeen = new Map<string, number>();

export { createMemoryBlobs };

export function createControlWorld(parts: Parts = {}): ControlWorld {
  const clock = createVirtualClock();
  const machine = createFakeMachine(clock);
  const plainStore = createMemoryStore({ clock });
  const store = parts.wrapStore?.(plainStore) ?? plainStore;
  const logged: { event: string; facts: LogFacts }[] = [];
  const history: Resource[] = [];
  const note = (event: string, facts: LogFacts = {}): void => void logged.push({ event, facts });
  const log: Log = { debug: () => {}, info: note, warn: note, error: note };
  const engines = [scriptedEngine(() => world), ...(parts.engines ?? [])];
  const loads = new Map<string, LoadReading>();
  const starved = new Set<(deployment: string) => void>();
  firstSeen.clear();
  const deps: ControlDeps = {
    store,
    blobs: parts.blobs ?? createMemoryBlobs(),
    engines: new Map(engines.map((engine) => [engine.name, engine])),
    nodes: {
      seen: () => [{ name: undefined, substrate: 'fake', weight: 1, takes: true }],
      isGone: () => false,
      onChange: () => () => {},
    },
    sources: new Map((parts.sources ?? []).map((source) => [source.scheme, source])),
    evidence: { read: (_, template) => world.evidence.get(template) },
    clock,
    rng: createSeededRng(),
    log,
    meters: silentMeters,
    loads: {
      read: (deployment) => loads.get(deployment),
      onStarved(listener) {
        starved.add(listener);
        return () => void starved.delete(listener);
      },
    },
  };
  const world: ControlWorld = {
    clock,
    store,
    machine,
    deps,
    logged,
    history,
    evidence: new Map(),
    script: () => idle,
    loads,
    starve(deployment) {
      for (const listener of starved) listener(deployment);
    },
    fate: () => ({}),
    async control() {
      const substrate = createFakeSubstrate({
        clock,
        machine,
        fate: (replica, start) => world.fate(replica, start),
      });
      const control = createControl(deps);
      const node = createNode({ ...deps, substrates: new Map([['fake', substrate]]) });
      await control.start();
      await node.start();
      await clock.settle();
      return {
        async stop(options) {
          await control.stop();
          await node.stop(options);
        },
      };
    },
    async put(resource) {
      const done = await store.commit([{ verb: 'put', resource }], { name: 'tester', tenant: 'default' });
      if (!done.ok) throw new Error(done.problem.message);
      await clock.settle();
    },
    async remove(kind, name) {
      await store.commit([{ verb: 'delete', kind, name }], { name: 'tester', tenant: 'default' });
      await clock.settle();
    },
    async replicas(...states) {
      const all = (await store.list('Replica')).filter((one) => one.kind === 'Replica');
      return all.filter(({ status }) => states.length === 0 || (status && states.includes(status.state)));
    },
    async deployment(name) {
      const found = await store.get('Deployment', name);
      if (found?.kind !== 'Deployment') throw new Error(`There is no deployment ${name}.`);
      return found;
    },
    async version(name) {
      const found = await store.get('ModelVersion', name);
      if (found?.kind !== 'ModelVersion') throw new Error(`There is no version ${name}.`);
      return found;
    },
  };
  void plainStore.watch('', ({ resource }) => void history.push(resource));
  return world;
}

/** A deployment of the scripted engine. */
export function deploymentOf(name: string, spec: Record<string, unknown> = {}): Deployment {
  return resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name },
    spec: { model: 'demo', version: '1', engine: { name: 'scripted' }, ...spec },
  });
}

export function versionOf(spec: Record<string, unknown>): ModelVersion {
  return resourceSchemas.ModelVersion.parse({
    kind: 'ModelVersion',
    metadata: { name: 'demo.1' },
    spec: { model: 'demo', version: '1', ...spec },
  });
}
