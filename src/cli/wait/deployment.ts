import type { Deployment, Replica } from '@millrace/sdk';
import { problem, ProblemError, replicaBoundsOf, replicasWanted } from '#schema';
import type { Context } from '../context.ts';
import { createProgress, type Step } from '../progress.ts';
import { follow } from './follow.ts';

export interface DeploymentGoal {
  readonly name: string;
  /** Replicas count only if they were started for this generation or a later one. */
  readonly generation?: number | undefined;
}

/** A model that died this often in a row will hardly come up by itself. */
const restartsMax = 3;

type Replicas = readonly Replica[];

function isReached(deployment: Deployment, replicas: Replicas, goal: DeploymentGoal): boolean {
  const { spec, status, metadata } = deployment;
  const ready = replicas.filter(
    (one) => one.status?.state === 'ready' && one.spec.generation >= (goal.generation ?? 0),
  );
  const wanted = replicasWanted(spec);
  return (
    status !== undefined &&
    status.observedGeneration === metadata.generation &&
    // The two watches are not in step: what is counted and what is seen must agree.
    status.readyReplicas >= wanted &&
    ready.length >= wanted &&
    replicas.length <= Math.max(wanted, replicaBoundsOf(spec).max)
  );
}

function failureIn({ metadata, status }: Deployment): string | undefined {
  if (status === undefined || status.observedGeneration !== metadata.generation) return undefined;
  return status.restarts >= restartsMax ? (status.message ?? 'Its replicas do not come up.') : undefined;
}

/** The replica that is furthest behind tells how far the whole is. */
function stepOf({ metadata, spec, status }: Deployment, replicas: Replicas): Step {
  const ready = replicas.filter((one) => one.status?.state === 'ready').length;
  const label = `${metadata.name}: ${ready} of ${replicasWanted(spec)} ready`;
  const loading = replicas.filter(
    (one) => one.status?.state === 'loading' || one.status?.state === 'starting',
  );
  if (loading.length === 0)
    return { label: status?.message === undefined ? label : `${label}. ${status.message}` };
  const silent = loading.find(
    ({ status: one }) => one?.message !== undefined && one.loadedFraction === undefined,
  );
  if (silent !== undefined) return { label: `${label}. ${silent.status?.message}` };
  const fraction = Math.min(...loading.map((one) => one.status?.loadedFraction ?? 0));
  const remaining = loading.flatMap((one) => one.status?.remainingMs ?? []);
  return { label, fraction, remainingMs: remaining.length === 0 ? undefined : Math.max(...remaining) };
}

interface Watching {
  deployment: Deployment | undefined;
  replicas: Replicas | undefined;
}

function gone(name: string): ProblemError {
  return new ProblemError(problem('not_found', `The deployment "${name}" was deleted meanwhile.`));
}

/**
 * Waits until a deployment has the replicas it wants and no others, telling how far it is. Throws when they do not
 * come up.
 */
export async function waitForDeployment(context: Context, goal: DeploymentGoal): Promise<Deployment> {
  const progress = createProgress(context);
  const client = context.client();
  const ending = new AbortController();
  const { signal } = ending;
  const seen: Watching = { deployment: undefined, replicas: undefined };
  try {
    return await new Promise<Deployment>((resolve, reject) => {
      const look = (): void => {
        if (seen.deployment === undefined || seen.replicas === undefined) return;
        const failure = failureIn(seen.deployment);
        if (failure !== undefined) reject(new ProblemError(problem('model_unavailable', failure)));
        else if (isReached(seen.deployment, seen.replicas, goal)) resolve(seen.deployment);
        else progress.show(stepOf(seen.deployment, seen.replicas));
      };
      const deployments = follow(client, 'Deployment', {
        signal,
        isWanted: (name) => name === goal.name,
        changed: (all) => {
          seen.deployment = all.get(goal.name);
          if (seen.deployment === undefined) reject(gone(goal.name));
          else look();
        },
      });
      const replicas = follow(client, 'Replica', {
        signal,
        isWanted: () => true,
        changed: (all) => {
          seen.replicas = [...all.values()].filter((one) => one.spec.deployment === goal.name);
          look();
        },
      });
      deployments.catch(reject);
      replicas.catch(reject);
    });
  } finally {
    ending.abort();
    progress.end();
  }
}
