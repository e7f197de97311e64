import type { Deployment, Replica, ReplicaState, Scenario } from '#schema';
import type { Clock, Rng, WatchEvent } from '#contracts';
import { createReplicaModel, type ReplicaModel } from '../engine/replica-model.ts';
import type { EngineShape } from '../engine/batch.ts';
import { drawGap } from '../workload/draw.ts';

interface Member {
  readonly name: string;
  readonly endpoint: string;
  readonly model: ReplicaModel;
  readonly sinceMs: number;
  state: 'starting' | 'ready' | 'draining';
  stopTimer: (() => void) | undefined;
}

/** Replicas over their lives, told to the directory as the control plane's records would be. */
export interface Fleet {
  /** Starts what is missing, retires what is too much: what does not answer yet first, then the youngest. */
  setWanted(replicas: number): void;
  modelAt(endpoint: string): ReplicaModel | undefined;
  ready(): number;
  /** In whatever state: what is paid for. */
  paid(): number;
  /** Time that replicas have existed, and that they have computed. */
  paidMs(): number;
  busyMs(): number;
  /** Requests inside all of them. */
  inside(): number;
  /** Starts and stops so far. */
  changes(): number;
}

export interface FleetInput {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly shape: EngineShape;
  readonly concurrency: number;
  readonly start: Scenario['start'];
  readonly deployment: Deployment;
  readonly drainMs: number;
  apply(event: WatchEvent): void;
  /** A replica died with everything it worked on. */
  died(endpoint: string): void;
}

function recordOf(input: FleetInput, member: Member, state: ReplicaState): Replica {
  const { deployment, clock, concurrency } = input;
  const { model, version, engine } = deployment.spec;
  return {
    apiVersion: deployment.apiVersion,
    kind: 'Replica',
    metadata: { name: member.name },
    spec: {
      deployment: deployment.metadata.name,
      model,
      version,
      generation: 1,
      engine: engine.name,
      substrate: 'sim',
    },
    status: {
      state,
      since: new Date(clock.nowMs()).toISOString(),
      endpoint: member.endpoint,
      concurrency,
    },
  };
}

/** How often a draining replica is looked at. */
const drainLookMs = 100;

interface Ground {
  readonly input: FleetInput;
  /** By endpoint. */
  readonly members: Map<string, Member>;
  made: number;
  wanted: number;
  changes: number;
  gonePaidMs: number;
  goneBusyMs: number;
}

function tell({ input }: Ground, member: Member, state: ReplicaState): void {
  input.apply({ type: 'put', resource: recordOf(input, member, state) });
}

function alive({ members }: Ground): Member[] {
  return [...members.values()].filter(({ state }) => state !== 'draining');
}

function remove(ground: Ground, member: Member): void {
  const { input, members } = ground;
  member.stopTimer?.();
  members.delete(member.endpoint);
  ground.gonePaidMs += input.clock.monotonicMs() - member.sinceMs;
  ground.goneBusyMs += member.model.busyMs();
  input.apply({ type: 'deleted', resource: recordOf(input, member, 'stopping') });
}

/** It dies with everything it works on, and is replaced. */
function fail(ground: Ground, member: Member): void {
  member.model.kill();
  remove(ground, member);
  ground.input.died(member.endpoint);
  fill(ground);
}

function becomeReady(ground: Ground, member: Member): void {
  const { start, rng, clock } = ground.input;
  member.state = 'ready';
  member.stopTimer = undefined;
  if (start.lifeMeanS !== undefined)
    member.stopTimer = clock.setTimer(drawGap(rng, 1) * start.lifeMeanS * 1000, () => {
      fail(ground, member);
    });
  tell(ground, member, 'ready');
}

function startOne(ground: Ground, delayMs: number): void {
  const { clock, shape, rng, start } = ground.input;
  const name = `sim-${(ground.made += 1)}`;
  const member: Member = {
    name,
    endpoint: `http://${name}.sim`,
    model: createReplicaModel(shape, clock),
    sinceMs: clock.monotonicMs(),
    state: 'starting',
    stopTimer: undefined,
  };
  ground.members.set(member.endpoint, member);
  ground.changes += 1;
  if (delayMs === 0) {
    becomeReady(ground, member);
    return;
  }
  tell(ground, member, 'loading');
  member.stopTimer = clock.setTimer(delayMs, () => {
    if (rng.next() < start.failureShare) fail(ground, member);
    else becomeReady(ground, member);
  });
}

/** Stops it when it has no work left, or when its time to drain is over. */
function awaitDrained(ground: Ground, member: Member, untilMs: number): void {
  const { clock } = ground.input;
  const { model, endpoint } = member;
  if (model.inside() > 0 && clock.monotonicMs() < untilMs) {
    member.stopTimer = clock.setTimer(drainLookMs, () => {
      awaitDrained(ground, member, untilMs);
    });
    return;
  }
  model.kill();
  remove(ground, member);
  ground.input.died(endpoint);
}

/** What does not answer yet goes first, then the youngest. */
function retire(ground: Ground, count: number): void {
  const byLoss = alive(ground).toSorted(
    (a, b) => Number(a.state === 'ready') - Number(b.state === 'ready') || b.sinceMs - a.sinceMs,
  );
  for (const member of byLoss.slice(0, count)) {
    ground.changes += 1;
    if (member.state !== 'ready') {
      remove(ground, member);
      continue;
    }
    member.stopTimer?.();
    member.state = 'draining';
    tell(ground, member, 'draining');
    awaitDrained(ground, member, ground.input.clock.monotonicMs() + ground.input.drainMs);
  }
}

function fill(ground: Ground): void {
  const { clock, rng, start } = ground.input;
  const missing = ground.wanted - alive(ground).length;
  // The fleet a run begins with is there already.
  const first = clock.monotonicMs() === 0;
  for (let count = 0; count < missing; count++) {
    const jitter = 1 + start.jitter * (2 * rng.next() - 1);
    startOne(ground, first ? 0 : start.coldStartMs * jitter);
  }
  if (missing < 0) retire(ground, -missing);
}

export function createFleet(input: FleetInput): Fleet {
  const members = new Map<string, Member>();
  const ground: Ground = { input, members, made: 0, wanted: 0, changes: 0, gonePaidMs: 0, goneBusyMs: 0 };
  const sum = (of: (member: Member) => number): number => {
    let total = 0;
    for (const member of members.values()) total += of(member);
    return total;
  };
  return {
    setWanted(replicas) {
      ground.wanted = replicas;
      fill(ground);
    },
    modelAt: (endpoint) => members.get(endpoint)?.model,
    ready: () => sum(({ state }) => Number(state === 'ready')),
    paid: () => members.size,
    paidMs: () => ground.gonePaidMs + sum(({ sinceMs }) => input.clock.monotonicMs() - sinceMs),
    busyMs: () => ground.goneBusyMs + sum(({ model }) => model.busyMs()),
    inside: () => sum(({ model }) => model.inside()),
    changes: () => ground.changes,
  };
}
