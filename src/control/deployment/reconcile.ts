import {
  replicasWanted,
  type Deployment,
  type DeploymentStatus,
  type Replica,
  type ScalingStatus,
} from '#schema';
import type { Again } from '../loop.ts';
import { sameJson } from '../records.ts';
import type { Companion } from '../release/variants.ts';
import { isUpToDate, templateOf } from '../template.ts';
import { addressesNoted, coursesOf } from './addresses.ts';
import { attemptsBeside, isSpent, ownAttempts, worstOf, type Attempts } from './attempts.ts';
import { measuredColdStartMs } from './cold-start.ts';
import type { Course } from './course.ts';
import type { DeploymentAction } from './deployment-action.ts';
import { isAlive, isReady } from './rollout.ts';
import type { ScaleSight } from './scalers.ts';
import type { StartConditions } from './startable.ts';

/** A second version that runs beside the deployment's own while a release is under way. */
interface ObservedCompanion extends Companion {
  readonly conditions: StartConditions;
}

export interface DeploymentObserved extends StartConditions {
  readonly companion?: ObservedCompanion | undefined;
  /** All that belong to it, in whatever state. */
  readonly replicas: readonly Replica[];
  /** On nodes that are gone; not among the replicas any more. */
  readonly lost: readonly Replica[];
  /** What the scaling policy decided; undefined where the deployment does not scale. */
  readonly scale: ScaleSight | undefined;
  /** A number in [0, 1). */
  readonly chance: number;
}

type Actions = readonly (DeploymentAction | Again)[];

function wantedOf(deployment: Deployment, { scale }: DeploymentObserved): number {
  return scale === undefined ? replicasWanted(deployment.spec) : scale.status.replicas;
}

/** How old what is said about scaling may become while nothing changes: a look every few seconds is no news. */
const scalingAgeMaxMs = 60_000;

/** What the status says of scaling: the newest when a number or the reason is another, or when it is old. */
function scalingNoted({ status }: Deployment, scale: ScaleSight | undefined): ScalingStatus | undefined {
  const noted = status?.scaling;
  if (scale === undefined || noted === undefined) return scale?.status;
  const { replicas, reason, shadow, at } = scale.status;
  const isSame = noted.replicas === replicas && noted.reason === reason && sameJson(noted.shadow, shadow);
  const apartMs = Math.abs(Date.parse(at) - Date.parse(noted.at));
  return isSame && apartMs < scalingAgeMaxMs ? noted : scale.status;
}

interface Decided {
  readonly deployment: Deployment;
  readonly observed: DeploymentObserved;
  /** Of its own version, and of the one that runs beside it. */
  readonly own: readonly Course[];
  readonly beside: readonly Course[];
}

/** What is noted of a version's starts: with several addresses of the one that fails most. */
function attemptsOf(courses: readonly Course[]): Attempts {
  return worstOf(courses.map(({ attempts }) => attempts));
}

function statusFrom({ deployment, observed, own, beside }: Decided): DeploymentStatus {
  const courses = [...own, ...beside];
  const attempts = attemptsOf(own);
  const [other] = beside;
  const spent = courses.flatMap((course) => course.spent);
  const kept = observed.replicas.filter((replica) => !spent.includes(replica));
  const obstacle = courses.find((course) => course.obstacle !== undefined)?.obstacle;
  return {
    replicas: kept.length,
    readyReplicas: kept.filter(isReady).length,
    observedGeneration: deployment.metadata.generation,
    restarts: attempts.restarts,
    nextStartAt: attempts.nextStartAt,
    message: obstacle ?? attempts.message,
    scaling: scalingNoted(deployment, observed.scale),
    coldStartMs: measuredColdStartMs(deployment, kept),
    addresses: addressesNoted(courses),
    beside: other && { template: other.template, ...attemptsOf(beside) },
  };
}

function note(decided: Decided): Actions {
  const { deployment, own, beside } = decided;
  const status = statusFrom(decided);
  const noted = [...own, ...beside].flatMap(({ spent }) => spent);
  if (noted.length === 0 && sameJson(status, deployment.status)) return [];
  return [{ kind: 'note', deployment, status, noted }];
}

/** A deployment that is no more: its replicas finish their work and go. */
function withoutDeployment(replicas: readonly Replica[]): Actions {
  return replicas.flatMap((replica): Actions => {
    if (isSpent(replica)) return [{ kind: 'remove', replica }];
    return isAlive(replica) ? [{ kind: 'retire', replica, message: 'Its deployment was deleted.' }] : [];
  });
}

/** The deployment's own version; beside it, while a release is under way, another that is kept apart. */
function decide(deployment: Deployment, observed: DeploymentObserved, nowMs: number): Decided {
  const { companion, replicas, chance } = observed;
  const other = companion && templateOf(companion.variant);
  const isOther = (replica: Replica): boolean => other !== undefined && isUpToDate(replica, other);
  const own = coursesOf({
    deployment,
    conditions: observed,
    wanted: wantedOf(deployment, observed),
    replicas: replicas.filter((replica) => !isOther(replica)),
    attempts: ownAttempts(deployment),
    nowMs,
    chance,
  });
  if (companion === undefined) return { deployment, observed, own, beside: [] };
  const { variant, conditions, wanted } = companion;
  const beside = coursesOf({
    deployment: variant,
    conditions,
    wanted,
    replicas: replicas.filter(isOther),
    attempts: attemptsBeside(deployment, templateOf(variant)),
    nowMs,
    chance,
  });
  return { deployment, observed, own, beside };
}

/** Notes what has happened, then starts what is missing and retires what is too much. The one writer of replica counts. */
export function reconcileDeployment(
  deployment: Deployment | undefined,
  observed: DeploymentObserved,
  nowMs: number,
): Actions {
  const losses = observed.lost.map((replica) => ({ kind: 'lose' as const, replica }));
  if (deployment === undefined) return [...losses, ...withoutDeployment(observed.replicas)];
  const decided = decide(deployment, observed, nowMs);
  const courses = [...decided.own, ...decided.beside];
  return [
    ...losses,
    ...note(decided),
    ...courses.flatMap(({ starts }) => starts),
    ...courses.flatMap(({ retires }) => retires),
    ...courses.flatMap(({ again }) => again),
    ...(observed.scale === undefined ? [] : [{ kind: 'again' as const, afterMs: observed.scale.nextMs }]),
  ];
}
