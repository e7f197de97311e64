import type { Deployment, Replica } from '#schema';
import type { Again } from '../loop.ts';
import { statusOf } from '../replica/transition.ts';
import { isUpToDate, templateOf } from '../template.ts';
import { isSpent, tryAgain, type Attempts } from './attempts.ts';
import type { DeploymentAction } from './deployment-action.ts';
import { isReady, planRollout, type Rollout } from './rollout.ts';
import { obstacleTo, type StartConditions } from './startable.ts';

export interface Version {
  /** As it is with this version. */
  readonly deployment: Deployment;
  readonly conditions: StartConditions;
  readonly wanted: number;
  /** Its replicas stand for this endpoint, which already runs. */
  readonly address?: string | undefined;
  /** Of this version, and of no other that is wanted. */
  readonly replicas: readonly Replica[];
  /** As they were noted. */
  readonly attempts: Attempts;
  readonly nowMs: number;
  readonly chance: number;
}

/** One version of a deployment: what is to be started and retired of it, and how its starts go. */
export interface Course {
  readonly template: string;
  readonly address: string | undefined;
  readonly starts: readonly DeploymentAction[];
  readonly retires: readonly DeploymentAction[];
  /** What keeps missing replicas from being started. */
  readonly obstacle: string | undefined;
  /** Failed, and now to be noted. */
  readonly spent: readonly Replica[];
  readonly attempts: Attempts;
  readonly again: readonly Again[];
}

function bySince(left: Replica, right: Replica): number {
  return Date.parse(statusOf(left).since) - Date.parse(statusOf(right).since);
}

/** For how long as many as are wanted have been ready; all of none are at any time. */
function steadyFor({ deployment, wanted, replicas, nowMs }: Version): number | undefined {
  if (wanted === 0) return Infinity;
  const template = templateOf(deployment);
  const sinceMs = replicas
    .filter((replica) => isReady(replica) && isUpToDate(replica, template))
    .map((replica) => Date.parse(statusOf(replica).since))
    .toSorted((left, right) => left - right)[wanted - 1];
  return sinceMs === undefined ? undefined : nowMs - sinceMs;
}

function retiresOf({ retire }: Rollout, template: string): readonly DeploymentAction[] {
  return retire.map((replica) => ({
    kind: 'retire',
    replica,
    message: isUpToDate(replica, template) ? 'Fewer replicas are wanted.' : 'It is replaced by a newer one.',
  }));
}

export function courseOf(version: Version): Course {
  const { deployment, conditions, wanted, address, nowMs, chance } = version;
  const template = templateOf(deployment);
  const spent = version.replicas.filter(isSpent).toSorted(bySince);
  const replicas = version.replicas.filter((replica) => !spent.includes(replica));
  const trial = { before: version.attempts, spent, steadyMs: steadyFor(version), chance, nowMs };
  const { mayStart, attempts, again } = tryAgain(trial);
  const rollout = planRollout({ wanted, template, replicas });
  const { start: count } = rollout;
  const obstacle = count > 0 ? obstacleTo(deployment, conditions) : undefined;
  const isStartable = count > 0 && mayStart && obstacle === undefined;
  return {
    template,
    address,
    starts: isStartable ? [{ kind: 'start', deployment, count, address }] : [],
    retires: retiresOf(rollout, template),
    obstacle,
    spent,
    attempts,
    again,
  };
}
