import type { ControlDeps } from '../deps.ts';
import { commit, removing, replacing, timestamp, type Acted } from '../records.ts';
import { advance } from '../replica/advance.ts';
import type { DeploymentAction } from './deployment-action.ts';
import { replicaFrom } from '../template.ts';

/** Names stay within 253 characters, and within what a socket path can take for all but absurd deployments. */
const prefixMax = 200;

async function startReplicas(
  { store, clock, rng, log, meters }: ControlDeps,
  { deployment, substrate, count, address }: Extract<DeploymentAction, { kind: 'start' }>,
): Promise<Acted> {
  const prefix = deployment.metadata.name.slice(0, prefixMax);
  const since = timestamp(clock.nowMs());
  const replicas = Array.from({ length: count }, () =>
    replicaFrom(deployment, { name: `${prefix}-${rng.secretHex(4)}`, substrate, since, address }),
  );
  const acted = await commit(store, replicas.map(replacing));
  if (acted === 'stale') return acted;
  for (const { metadata, spec } of replicas) {
    log.info('replica-starting', { replica: metadata.name, deployment: spec.deployment });
    meters.replicaStateChanged(spec.deployment, 'starting');
  }
  return acted;
}

/** Performs one action of `reconcileDeployment`. Records only: replicas' processes are the business of their own loop. */
export async function actOnDeployment(deps: ControlDeps, action: DeploymentAction): Promise<Acted> {
  switch (action.kind) {
    case 'note': {
      const { deployment, status, noted } = action;
      return commit(deps.store, [replacing({ ...deployment, status }), ...noted.map(removing)]);
    }
    case 'start':
      return startReplicas(deps, action);
    case 'retire':
      return advance(deps, action.replica, { event: 'unwanted', message: action.message });
    case 'remove':
      break;
  }
  return advance(deps, action.replica, { event: 'gone' });
}
