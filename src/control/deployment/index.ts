import type { Deployment } from '#schema';
import type { ControlDeps } from '../deps.ts';
import { createLoop, type Loop, type Reconciler } from '../loop.ts';
import { listOf } from '../records.ts';
import { actOnDeployment } from './act.ts';
import { observeDeployment } from './observe.ts';
import type { Scalers } from './scalers.ts';
import type { DeploymentAction } from './deployment-action.ts';
import { reconcileDeployment, type DeploymentObserved } from './reconcile.ts';

const concurrencyMax = 16;
const resyncMs = 10_000;

/** Keeps each deployment at the replicas it wants: one key for each deployment, and for each that left replicas behind. */
export function createDeploymentLoop(deps: ControlDeps, scalers: Scalers): Loop {
  const reconciler: Reconciler<Deployment | undefined, DeploymentObserved, DeploymentAction> = {
    name: 'deployment',
    async keys() {
      const deployments = await listOf(deps.store, 'Deployment');
      const replicas = await listOf(deps.store, 'Replica');
      return [
        ...new Set([
          ...deployments.map(({ metadata }) => metadata.name),
          ...replicas.map(({ spec }) => spec.deployment),
        ]),
      ];
    },
    observe: async (name) => observeDeployment(deps, scalers, name),
    reconcile: reconcileDeployment,
    act: async (action) => actOnDeployment(deps, action),
  };
  return createLoop(deps, reconciler, { concurrencyMax, resyncMs });
}
