import { resourceSchemas, type Deployment, type Scenario } from '#schema';
import { silentMeters, type Transport } from '#contracts';
import { createDirectory, createDispatch } from '#dispatch';
import { createSeededRng, createVirtualClock } from '../clock/index.ts';
import type { SequenceWork } from '../engine/sequence.ts';
import { runControl, type Controlled } from './controlled.ts';
import type { Decision } from './decision.ts';
import { createFleet, type Fleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import { createPrompts, type Prompts } from './prompts.ts';
import { createSimTransport } from './sim-transport.ts';
import { stand } from './standing.ts';

/** A request while it is inside. */
export interface Visit extends SequenceWork {
  readonly number: number;
}

/** The platform's own dispatch on virtual time, in front of a fleet that is a model. */
export interface World extends Ground {
  readonly prompts: Prompts;
  /** Requests inside, by their bodies: what a body asks of an engine stands here. */
  readonly visits: Map<Uint8Array, Visit>;
  /** The control plane; undefined where nothing about the replicas ever changes. */
  readonly controlled: Controlled | undefined;
}

const drainMs = 600_000;

export const deploymentName = 'sim';

function deploymentOf(scenario: Scenario): Deployment {
  const { limits, engine, replicas, scaling, start, routing, resilience } = scenario;
  const { concurrency = engine.sequencesMax, queueDepthMax, holdMs } = limits;
  const loadMs = Math.max(600_000, Math.min(86_400_000, Math.ceil(start.coldStartMs * 4)));
  return resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name: deploymentName, generation: 1 },
    spec: {
      model: deploymentName,
      version: '1',
      engine: { name: 'sim' },
      replicas,
      // How long a start takes is known from before the story begins.
      scaling: { ...scaling, coldStartMs: scaling.coldStartMs ?? Math.round(start.coldStartMs) },
      limits: { concurrency, queueDepthMax, holdMs, drainMs, loadMs },
      routing: { prefixCacheTokens: routing.prefixCacheTokens ?? engine.prefixTokens },
      resilience,
    },
  });
}

/** Nothing about the replicas is ever decided: the control plane would only look on. */
function isStanding({ scaling, start }: Scenario): boolean {
  return scaling.policy === 'fixed' && scaling.schedule.length === 0 && start.lifeMeanS === undefined;
}

interface Parts {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly onDecision: ((decision: Decision) => void) | undefined;
}

/** Tells which replica each request goes to. */
function told(
  transport: Transport,
  visits: World['visits'],
  { clock, decide }: Pick<Ground, 'clock' | 'decide'>,
) {
  const send: Transport['send'] = (call, listener) => {
    const visit = call.body && visits.get(call.body);
    const [replica = ''] = call.endpoint.slice('http://'.length).split('.');
    if (visit !== undefined)
      decide({ atMs: clock.monotonicMs(), kind: 'send', request: visit.number, replica });
    return transport.send(call, listener);
  };
  return { ...transport, send };
}

function createGround({ scenario, seed, onDecision }: Parts, visits: World['visits']): Ground {
  const rng = createSeededRng(seed);
  const clock = createVirtualClock();
  const decide = onDecision ?? ((): void => undefined);
  const directory = createDirectory({ headersOf: () => [] });
  const transport = createSimTransport({
    clock,
    networkMs: scenario.engine.networkMs,
    modelAt: (endpoint) => fleet.modelAt(endpoint),
    workOf: (body) => (body && visits.get(body)) ?? { promptTokens: 1, outputTokens: 1 },
  });
  const fleet: Fleet = createFleet({
    clock,
    died: (endpoint) => {
      transport.breakOff(endpoint);
    },
  });
  const dispatch = createDispatch({
    directory,
    transport: onDecision === undefined ? transport : told(transport, visits, { clock, decide }),
    clock,
    // Chance of its own: what dispatch draws changes nothing in what the fleet and the visitors draw.
    rng: createSeededRng(seed + 1),
    meters: silentMeters,
  });
  return { scenario, clock, rng, deployment: deploymentOf(scenario), directory, dispatch, fleet, decide };
}

export async function createWorld(parts: Parts): Promise<World> {
  const visits: World['visits'] = new Map();
  const ground = createGround(parts, visits);
  const prompts = createPrompts(ground.rng, ground.deployment.spec.routing.prefixCacheTokens > 0);
  if (!isStanding(parts.scenario)) {
    const controlled = await runControl(ground, parts.seed);
    return { ...ground, prompts, visits, controlled };
  }
  ground.directory.apply({ type: 'put', resource: ground.deployment });
  stand(ground);
  return { ...ground, prompts, visits, controlled: undefined };
}
