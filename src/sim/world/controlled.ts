import { createControl, createNode, replicaFrom } from '#control';
import { ProblemError, type Replica, type Resource } from '#schema';
import { type Clock, type Loads, type Log, type Nodes, silentMeters, type Store } from '#contracts';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryStore } from '#stores/memory';
import { createSeededRng, type VirtualClock } from '../clock/index.ts';
import type { Ground } from './ground.ts';
import { createSimEngine } from './sim-engine.ts';
import { createSimSubstrate, type SimSubstrate } from './sim-substrate.ts';

/** The platform's own control plane on virtual time. */
export interface Controlled {
  /** Whether it has something to do since the last time this was asked: then its promises need a turn. */
  wasTouched(): boolean;
  stop(): Promise<void>;
}

/** Every timer of the control plane is a reason to let its promises run. */
function watchedClock(clock: VirtualClock, touch: () => void): Clock {
  return {
    ...clock,
    setTimer: (delayMs, callback) =>
      clock.setTimer(delayMs, () => {
        touch();
        callback();
      }),
  };
}

function watchedLoads(loads: Loads, touch: () => void): Loads {
  return {
    ...loads,
    onStarved: (listener) =>
      loads.onStarved((deployment) => {
        touch();
        listener(deployment);
      }),
  };
}

/** What the control plane logs of its scaling goes into the decision log. */
function scaleLog({ clock, ...ground }: Ground): Log {
  return {
    debug: () => undefined,
    info(event, facts = {}) {
      if (event !== 'deployment-scaled') return;
      const { from, to, reason, deployment: _deployment, ...rest } = facts;
      const told: Record<string, number | string> = {};
      for (const [name, value] of Object.entries(rest))
        if (typeof value === 'number' || typeof value === 'string') told[name] = value;
      const why = { code: String(reason), facts: told };
      ground.decide({
        atMs: clock.monotonicMs(),
        kind: 'scale',
        from: Number(from),
        to: Number(to),
        reason: why,
      });
    },
    warn: () => undefined,
    error: () => undefined,
  };
}

/** One process is the whole platform. */
function oneNode(substrate: string): Nodes {
  const node = { name: undefined, substrate, weight: 1, takes: true };
  return { seen: () => [node], isGone: () => false, onChange: () => () => undefined };
}

const operator = { name: 'simulator', tenant: 'system' };

async function put(store: Store, resource: Resource): Promise<Resource> {
  const done = await store.commit([{ verb: 'put', resource }], operator);
  if (!done.ok) throw new ProblemError(done.problem);
  return done.resources[0] ?? resource;
}

/** Dispatch hears of replicas as it does live: by watching the store. */
async function feed({ directory, fleet }: Ground, store: Store): Promise<void> {
  const ready = new Set<string>();
  await store.watch('', (event) => {
    const { resource } = event;
    if (resource.kind === 'Replica') {
      if (event.type === 'put' && resource.status?.state === 'ready') ready.add(resource.metadata.name);
      else ready.delete(resource.metadata.name);
      fleet.setReady(ready.size);
    }
    directory.apply(event);
  });
}

/** The fleet that a run begins with: processes that run, and records that say so, for the control plane to adopt. */
async function startFirst(
  { clock, deployment }: Ground,
  store: Store,
  substrate: SimSubstrate,
): Promise<void> {
  const since = new Date(clock.nowMs()).toISOString();
  const { signal } = new AbortController();
  substrate.loadAtOnce(true);
  for (let number = 1; number <= deployment.spec.replicas.min; number++) {
    const name = `${deployment.metadata.name}-${number}`;
    const plan = { kind: 'process', entry: 'file:///sim', args: [], env: {} } as const;
    const started = await substrate.start(name, plan, signal);
    if (!started.ok) throw new ProblemError(started.problem);
    const { endpoint, identity } = started.value;
    const { concurrency } = deployment.spec.limits;
    const record = replicaFrom(deployment, { name, site: { substrate: substrate.name }, since });
    const status: Replica['status'] = { state: 'ready', since, endpoint, identity, concurrency };
    await put(store, { ...record, status });
  }
  substrate.loadAtOnce(false);
}

export async function runControl(ground: Ground, seed: number): Promise<Controlled> {
  const { scenario, rng, fleet, dispatch, directory, deployment } = ground;
  let touched = false;
  const touch = (): void => {
    touched = true;
  };
  const clock = watchedClock(ground.clock, touch);
  // What is there at the beginning was started a cold start before.
  let earlierMs = scenario.start.coldStartMs;
  const store = createMemoryStore({ clock: { nowMs: () => clock.nowMs() - earlierMs } });
  const substrate = createSimSubstrate({ scenario, clock, rng, fleet });
  const engine = createSimEngine({ clock, fleet, loads: substrate.loads });
  await feed(ground, store);
  await put(store, deployment);
  await startFirst(ground, store, substrate);
  earlierMs = 0;
  const common = {
    store,
    blobs: createMemoryBlobs(),
    engines: new Map([[engine.name, engine]]),
    clock,
    // Chance of its own: what control draws changes nothing in what others draw.
    rng: createSeededRng(seed + 2),
    log: scaleLog(ground),
    meters: silentMeters,
  };
  const control = createControl({
    ...common,
    nodes: oneNode(substrate.name),
    sources: new Map(),
    evidence: directory.evidence,
    loads: watchedLoads(dispatch.loads, touch),
  });
  const node = createNode({ ...common, substrates: new Map([[substrate.name, substrate]]) });
  await control.start();
  await node.start();
  return {
    wasTouched() {
      const was = touched;
      touched = false;
      return was;
    },
    async stop() {
      await control.stop();
      await node.stop({ replicas: 'leave', graceMs: 0 });
    },
  };
}
