import type { Deployment, DeploymentStatus, Replica, ScalingStatus } from '#schema';
import { restartDelay, steadyAfterMs, type RestartMemory } from '#policies';
import type { Again } from '../loop.ts';
import { sameJson, timestamp } from '../records.ts';
import { statusOf } from '../replica/transition.ts';
import { isAlive, isReady, planRollout } from './rollout.ts';
import type { Companion } from '../release/variants.ts';
import { measuredColdStartMs } from './cold-start.ts';
import type { ScaleSight } from './scalers.ts';
import { obstacleTo, type StartConditions } from './startable.ts';
import { isUpToDate, templateOf } from '../template.ts';

/** A second version that runs beside the deployment's own while a release is under way. */
interface ObservedCompanion extends Companion {
  readonly conditions: StartConditions;
}

export interface DeploymentObserved extends StartConditions {
  readonly companion?: ObservedCompanion | undefined;
  /** All that belong to it, in whatever state. */
  readonly replicas: readonly Replica[];
  /** What the scaling policy decided; undefined where the deployment does not scale. */
  readonly scale: ScaleSight | undefined;
  /** A number in [0, 1). */
  readonly chance: number;
}

export type DeploymentAction =
  /** Writes the status and takes the records of failed replicas away, all or nothing: each failure counts once. */
  | {
      readonly kind: 'note';
      readonly deployment: Deployment;
      readonly status: DeploymentStatus;
      readonly noted: readonly Replica[];
    }
  | {
      readonly kind: 'start';
      readonly deployment: Deployment;
      readonly substrate: string;
      readonly count: number;
    }
  | { readonly kind: 'retire'; readonly replica: Replica; readonly message: string }
  /** Of failed replicas that no deployment is left to note. */
  | { readonly kind: 'remove'; readonly replica: Replica };

type Actions = readonly (DeploymentAction | Again)[];

const lastFailure = 'Last failure: ';

/** Failed replicas without a process: what is left of them is to be noted. */
function isSpent(replica: Replica): boolean {
  const { state, endpoint, identity } = statusOf(replica);
  return state === 'failed' && endpoint === undefined && identity === undefined;
}

function bySince(left: Replica, right: Replica): number {
  return Date.parse(statusOf(left).since) - Date.parse(statusOf(right).since);
}

function wantedOf(deployment: Deployment, { scale }: DeploymentObserved): number {
  return scale === undefined ? deployment.spec.replicas.min : scale.status.replicas;
}

/** For how long as many as are wanted have been ready; all of none are at any time. */
function steadyFor(deployment: Deployment, observed: DeploymentObserved, nowMs: number): number | undefined {
  const { replicas } = observed;
  const wanted = wantedOf(deployment, observed);
  if (wanted === 0) return Infinity;
  const template = templateOf(deployment);
  const sinceMs = replicas
    .filter((replica) => isReady(replica) && isUpToDate(replica, template))
    .map((replica) => Date.parse(statusOf(replica).since))
    .toSorted((left, right) => left - right)[wanted - 1];
  return sinceMs === undefined ? undefined : nowMs - sinceMs;
}

function remembered({ status, metadata }: Deployment): RestartMemory {
  // A changed spec is a new attempt: whatever failed before may have been mended by it.
  if (status === undefined || status.observedGeneration !== metadata.generation) return restartDelay.begin();
  const { restarts, nextStartAt } = status;
  return { restarts, nextStartAtMs: nextStartAt === undefined ? undefined : Date.parse(nextStartAt) };
}

function lastMessage(deployment: Deployment, spent: readonly Replica[]): string | undefined {
  const newest = spent.at(-1);
  if (newest !== undefined) return `${lastFailure}${statusOf(newest).message ?? 'it ended.'}`;
  const before = deployment.status?.message;
  return before?.startsWith(lastFailure) === true ? before : undefined;
}

interface Decided {
  readonly deployment: Deployment;
  readonly observed: DeploymentObserved;
  readonly memory: RestartMemory;
  readonly obstacle: string | undefined;
  readonly spent: readonly Replica[];
}

/** How old what is said about scaling may become while nothing changes: a look every few seconds is no news. */
const scalingAgeMaxMs = 60_000;

/** What the status says of scaling: the newest when the number or the reason is another, or when it has become old. */
function scalingNoted({ status }: Deployment, scale: ScaleSight | undefined): ScalingStatus | undefined {
  const noted = status?.scaling;
  if (scale === undefined || noted === undefined) return scale?.status;
  const { replicas, reason, at } = scale.status;
  const isSame = noted.replicas === replicas && noted.reason === reason;
  return isSame && Date.parse(at) - Date.parse(noted.at) < scalingAgeMaxMs ? noted : scale.status;
}

function statusFrom({ deployment, observed, memory, obstacle, spent }: Decided): DeploymentStatus {
  const kept = observed.replicas.filter((replica) => !spent.includes(replica));
  return {
    replicas: kept.length,
    readyReplicas: kept.filter(isReady).length,
    observedGeneration: deployment.metadata.generation,
    restarts: memory.restarts,
    nextStartAt: memory.nextStartAtMs === undefined ? undefined : timestamp(memory.nextStartAtMs),
    message: obstacle ?? (memory.restarts > 0 ? lastMessage(deployment, spent) : undefined),
    scaling: scalingNoted(deployment, observed.scale),
    coldStartMs: measuredColdStartMs(deployment, kept),
  };
}

function note(decided: Decided): Actions {
  const { deployment, spent } = decided;
  const status = statusFrom(decided);
  if (spent.length === 0 && sameJson(status, deployment.status)) return [];
  return [{ kind: 'note', deployment, status, noted: spent }];
}

/** When time alone will change something: the next attempt, the forgiving of earlier failures, the next decision. */
function again(memory: RestartMemory, steadyMs: number | undefined, nowMs: number): Actions {
  if (memory.nextStartAtMs !== undefined) return [{ kind: 'again', afterMs: memory.nextStartAtMs - nowMs }];
  if (memory.restarts === 0 || steadyMs === undefined) return [];
  return [{ kind: 'again', afterMs: Math.max(0, steadyAfterMs - steadyMs) }];
}

/** A deployment that is no more: its replicas finish their work and go. */
function withoutDeployment(replicas: readonly Replica[]): Actions {
  return replicas.flatMap((replica): Actions => {
    if (isSpent(replica)) return [{ kind: 'remove', replica }];
    return isAlive(replica) ? [{ kind: 'retire', replica, message: 'Its deployment was deleted.' }] : [];
  });
}

function retireMessage(replica: Replica, template: string): string {
  return isUpToDate(replica, template) ? 'Fewer replicas are wanted.' : 'It is replaced by a newer one.';
}

/** One version of a deployment: what is to be started and retired of it. */
interface Course {
  readonly starts: Actions;
  readonly retires: Actions;
  /** What keeps missing replicas from being started. */
  readonly obstacle: string | undefined;
}

interface Version {
  readonly deployment: Deployment;
  readonly conditions: StartConditions;
  readonly wanted: number;
  /** Of this version, and of no other that is wanted. */
  readonly replicas: readonly Replica[];
  readonly mayStart: boolean;
}

function courseOf({ deployment, conditions, wanted, replicas, mayStart }: Version): Course {
  const template = templateOf(deployment);
  const { start, retire } = planRollout({ wanted, template, replicas });
  const { substrate } = conditions;
  const obstacle = start > 0 ? obstacleTo(deployment, conditions) : undefined;
  const starts: Actions =
    start > 0 && mayStart && obstacle === undefined && substrate !== undefined
      ? [{ kind: 'start', deployment, substrate, count: start }]
      : [];
  const retires = retire.map((replica) => ({
    kind: 'retire' as const,
    replica,
    message: retireMessage(replica, template),
  }));
  return { starts, retires, obstacle };
}

/** The deployment's own version first; beside it, while a release is under way, another that is kept apart. */
function coursesOf(
  deployment: Deployment,
  observed: DeploymentObserved,
  given: Pick<Version, 'replicas' | 'mayStart'>,
): readonly Course[] {
  const { companion } = observed;
  const other = companion && templateOf(companion.variant);
  const isOther = (replica: Replica): boolean => other !== undefined && isUpToDate(replica, other);
  const own = courseOf({
    deployment,
    conditions: observed,
    wanted: wantedOf(deployment, observed),
    replicas: given.replicas.filter((replica) => !isOther(replica)),
    mayStart: given.mayStart,
  });
  if (companion === undefined) return [own];
  const { variant, conditions, wanted } = companion;
  const replicas = given.replicas.filter(isOther);
  return [own, courseOf({ ...given, deployment: variant, conditions, wanted, replicas })];
}

/** Notes what has happened, then starts what is missing and retires what is too much. The one writer of replica counts. */
export function reconcileDeployment(
  deployment: Deployment | undefined,
  observed: DeploymentObserved,
  nowMs: number,
): Actions {
  const { replicas, chance } = observed;
  if (deployment === undefined) return withoutDeployment(replicas);
  const spent = replicas.filter(isSpent).toSorted(bySince);
  const steadyMs = steadyFor(deployment, observed, nowMs);
  const input = { nowMs, chance, failed: spent.length > 0, steadyMs };
  const { decision, memory } = restartDelay.decide(input, remembered(deployment));
  const courses = coursesOf(deployment, observed, {
    replicas: replicas.filter((replica) => !spent.includes(replica)),
    mayStart: decision === 'start',
  });
  const obstacle = courses.find((course) => course.obstacle !== undefined)?.obstacle;
  return [
    ...note({ deployment, observed, memory, obstacle, spent }),
    ...courses.flatMap(({ starts }) => starts),
    ...courses.flatMap(({ retires }) => retires),
    ...again(memory, steadyMs, nowMs),
    ...(observed.scale === undefined ? [] : [{ kind: 'again' as const, afterMs: observed.scale.nextMs }]),
  ];
}
