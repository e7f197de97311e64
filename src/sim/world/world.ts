import { resourceSchemas, type Deployment, type Scenario } from '#schema';
import type { Meters, Rng } from '#contracts';
import { createDirectory, createDispatch, type Dispatch } from '#dispatch';
import { createSeededRng, createVirtualClock, type VirtualClock } from '../clock/index.ts';
import type { SequenceWork } from '../engine/sequence.ts';
import type { Decision } from './decision.ts';
import { engineShapeOf } from './engine-shape.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createPrompts, type Prompts } from './prompts.ts';
import { createSimTransport } from './sim-transport.ts';

/** A request while it is inside. */
export interface Visit extends SequenceWork {
  readonly number: number;
}

/** The platform's own dispatch on virtual time, in front of a fleet that is a model. */
export interface World {
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly dispatch: Dispatch;
  readonly fleet: Fleet;
  readonly prompts: Prompts;
  /** Requests inside, by their bodies: what a body asks of an engine stands here. */
  readonly visits: Map<Uint8Array, Visit>;
  decide(decision: Decision): void;
}

const drainMs = 600_000;

const silent: Meters = {
  requestFinished: () => undefined,
  observeInFlight: () => undefined,
  observeAdmissions: () => undefined,
  observeMending: () => undefined,
  replicaStateChanged: () => undefined,
  exposition: () => Promise.resolve(''),
};

export const deploymentName = 'sim';

function deploymentOf({ limits, engine, replicas, scaling }: Scenario): Deployment {
  const { concurrency = engine.sequencesMax, queueDepthMax, holdMs } = limits;
  return resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name: deploymentName, generation: 1 },
    spec: {
      model: deploymentName,
      version: '1',
      engine: { name: 'sim' },
      replicas,
      scaling,
      limits: { concurrency, queueDepthMax, holdMs },
    },
  });
}

interface Parts {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly onDecision: ((decision: Decision) => void) | undefined;
}

function createGround(deployment: Deployment, { scenario }: Parts, rng: Rng) {
  const clock = createVirtualClock();
  const directory = createDirectory({
    headersOf: () => [],
  });
  directory.apply({ type: 'put', resource: deployment });
  const shape = engineShapeOf(scenario.engine);
  const broken: { off: (endpoint: string) => void } = { off: () => undefined };
  const fleet = createFleet({
    clock,
    rng,
    shape,
    concurrency: deployment.spec.limits.concurrency ?? 1,
    start: scenario.start,
    deployment,
    drainMs,
    apply: (event) => {
      directory.apply(event);
    },
    died: (endpoint) => {
      broken.off(endpoint);
    },
  });
  return { clock, directory, fleet, broken };
}

export function createWorld(parts: Parts): World {
  const { scenario, seed, onDecision } = parts;
  const rng = createSeededRng(seed);
  const { clock, directory, fleet, broken } = createGround(deploymentOf(scenario), parts, rng);
  const visits = new Map<Uint8Array, Visit>();
  const decide = onDecision ?? ((): void => undefined);
  const inner = createSimTransport({
    clock,
    networkMs: scenario.engine.networkMs,
    modelAt: (endpoint) => fleet.modelAt(endpoint),
    workOf: (body) => (body && visits.get(body)) ?? { promptTokens: 1, outputTokens: 1 },
  });
  broken.off = (endpoint) => {
    inner.breakOff(endpoint);
  };
  const transport: typeof inner = {
    ...inner,
    send(call, listener) {
      const visit = call.body && visits.get(call.body);
      if (visit !== undefined && onDecision !== undefined) {
        const replica = call.endpoint.slice('http://'.length, -'.sim'.length);
        decide({ atMs: clock.monotonicMs(), kind: 'send', request: visit.number, replica });
      }
      return inner.send(call, listener);
    },
  };
  // Chance of its own: what dispatch draws changes nothing in what the fleet and the visitors draw.
  const chance = createSeededRng(seed + 1);
  const dispatch = createDispatch({ directory, transport, clock, rng: chance, meters: silent });
  return { scenario, clock, dispatch, fleet, prompts: createPrompts(rng), visits, decide };
}
