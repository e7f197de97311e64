import {
  replicaBoundsOf,
  type Deployment,
  type Replica,
  type ReplicaBounds,
  type ScalingSpec,
  type ScalingStatus,
} from '#schema';
import { createScaler, type ScaleAdvice, type Scaler } from '#policies';
import type { Clock, LoadReading } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { canonicalJson, timestamp } from '../records.ts';
import { coldStartMsOf, readyOf } from './cold-start.ts';
import { loadBetween } from './load-between.ts';
import { isAlive } from './rollout.ts';

/** What a policy decided about the number of replicas, and when it is to be asked again. */
export interface ScaleSight {
  readonly status: ScalingStatus;
  readonly nextMs: number;
}

/** The scaling policies of all deployments with their memories: asked at their own pace, however often one looks. */
export interface Scalers {
  /** Undefined where the deployment does not scale. */
  look(deployment: Deployment, replicas: readonly Replica[]): ScaleSight | undefined;
  /** A request waits that no replica can take: the next look decides at once. */
  hurry(deployment: string): void;
  forget(deployment: string): void;
}

interface Seat {
  readonly key: string;
  readonly scaler: Scaler;
  bounds: ReplicaBounds;
  before: { readonly reading: LoadReading; readonly atMs: number } | undefined;
  decidedAtMs: number;
  /** What the date was ahead of the monotonic clock when it last decided. */
  aheadMs: number;
  hurried: boolean;
  status: ScalingStatus;
}

type ScaledDeps = Pick<ControlDeps, 'clock' | 'loads' | 'log'>;

/** What is asked of a deployment that scales. */
interface Sight {
  readonly deployment: Deployment;
  readonly scaling: ScalingSpec;
  readonly replicas: readonly Replica[];
}

function aheadOf(clock: Clock): number {
  return clock.nowMs() - clock.monotonicMs();
}

/** Beyond this between two looks the date was set: what a policy remembers is of another time, or of the future. */
const dateSetMs = 60_000;

/** Who sat there, where it is still asked the same in the same time; else somebody new, who goes on with its number. */
function seatFor(deps: ScaledDeps, sight: Sight, before: Seat | undefined): Seat {
  const key = canonicalJson(sight.scaling);
  if (before?.key !== key) return takeSeat(deps, sight, key);
  if (Math.abs(aheadOf(deps.clock) - before.aheadMs) <= dateSetMs) return before;
  return { ...takeSeat(deps, sight, key), status: before.status };
}

function takeSeat({ clock }: ScaledDeps, { deployment, scaling, replicas }: Sight, key: string): Seat {
  const bounds = replicaBoundsOf(deployment.spec);
  const { min, max } = bounds;
  const at = timestamp(clock.nowMs());
  // Who begins to scale while replicas run keeps them until something is known of the load.
  const there = Math.min(max, Math.max(min, replicas.filter(isAlive).length));
  const begun = { replicas: there, since: at, policy: scaling.policy, reason: 'begun', at };
  return {
    key,
    scaler: createScaler(scaling, bounds),
    bounds,
    before: undefined,
    decidedAtMs: -Infinity,
    aheadMs: aheadOf(clock),
    hurried: false,
    // After a restart, what was decided before stands until something is known.
    status: deployment.status?.scaling ?? begun,
  };
}

function statusAfter(seat: Seat, decided: ScaleAdvice, nowMs: number): ScalingStatus {
  const at = timestamp(nowMs);
  const { replicas, reason, shadow } = decided;
  const since = replicas === seat.status.replicas ? seat.status.since : at;
  return { replicas, since, policy: seat.scaler.name, reason: reason.code, facts: reason.facts, shadow, at };
}

/** Within other bounds at once; the policy keeps what it remembers, and is asked when it is due. */
function rebound({ clock, log }: ScaledDeps, seat: Seat, { deployment: { metadata, spec } }: Sight): void {
  const bounds = replicaBoundsOf(spec);
  const { replicas: from, reason: because } = seat.status;
  if (bounds.min === seat.bounds.min && bounds.max === seat.bounds.max) return;
  seat.bounds = bounds;
  seat.scaler.rebound(bounds);
  const to = Math.min(bounds.max, Math.max(bounds.min, from));
  if (to === from) return;
  const at = timestamp(clock.nowMs());
  const reason = to > from ? 'at-minimum' : 'at-maximum';
  const facts = { unbounded: from, because };
  seat.status = { ...seat.status, replicas: to, since: at, reason, facts, at };
  log.info('deployment-scaled', { ...facts, deployment: metadata.name, from, to, reason });
}

function loadOf({ clock, loads }: ScaledDeps, seat: Seat, { deployment, scaling, replicas }: Sight) {
  const reading = loads.read(deployment.metadata.name);
  const atMs = clock.monotonicMs();
  const { before } = seat;
  if (reading === undefined) return undefined;
  // A hurried look comes soon after the last one: over such a moment a single request would look like a flood.
  const elapsedMs = Math.max(scaling.everyMs, before === undefined ? 0 : atMs - before.atMs);
  const ready = readyOf(replicas);
  if (before === undefined && reading.waiting === 0) {
    seat.before = { reading, atMs };
    return undefined;
  }
  const load = loadBetween({ before: before?.reading ?? reading, now: reading, elapsedMs, ready });
  seat.before = { reading, atMs };
  return load;
}

function isLoading({ deployment: { status }, replicas }: Sight): boolean {
  return readyOf(replicas) === 0 && replicas.some(isAlive) && (status?.restarts ?? 0) === 0;
}

function decide(deps: ScaledDeps, seat: Seat, sight: Sight): void {
  const { clock, log } = deps;
  const { deployment, replicas } = sight;
  const nowMs = clock.nowMs();
  const wanted = seat.status.replicas;
  const load = loadOf(deps, seat, sight);
  const ready = readyOf(replicas);
  const coldStartMs = coldStartMsOf(deployment, replicas);
  const loading = isLoading(sight);
  const decided = seat.scaler.decide({ nowMs, wanted, ready, loading, coldStartMs, load });
  seat.decidedAtMs = clock.monotonicMs();
  seat.aheadMs = aheadOf(clock);
  seat.hurried = false;
  seat.status = statusAfter(seat, decided, nowMs);
  if (decided.replicas === wanted) return;
  const facts = { deployment: deployment.metadata.name, from: wanted, to: decided.replicas };
  log.info('deployment-scaled', { ...decided.reason.facts, ...facts, reason: decided.reason.code });
}

export function createScalers(deps: ScaledDeps): Scalers {
  const seats = new Map<string, Seat>();
  return {
    look(deployment, replicas) {
      const { name } = deployment.metadata;
      const { scaling } = deployment.spec;
      if (scaling === undefined) {
        seats.delete(name);
        return undefined;
      }
      const sight = { deployment, scaling, replicas };
      const seat = seatFor(deps, sight, seats.get(name));
      seats.set(name, seat);
      rebound(deps, seat, sight);
      const dueMs = seat.decidedAtMs + scaling.everyMs;
      if (seat.hurried || deps.clock.monotonicMs() >= dueMs) decide(deps, seat, sight);
      const nextMs = seat.decidedAtMs + scaling.everyMs - deps.clock.monotonicMs();
      return { status: seat.status, nextMs: Math.max(1, nextMs) };
    },
    hurry(deployment) {
      const seat = seats.get(deployment);
      if (seat !== undefined) seat.hurried = true;
    },
    forget(deployment) {
      seats.delete(deployment);
    },
  };
}
