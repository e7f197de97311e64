import type { ControlDeps } from '../deps.ts';
import { commit, removing, replacing, timestamp, type Acted } from '../records.ts';
import { advance } from '../replica/advance.ts';
import { replicaFrom } from '../template.ts';
import { chooseSites } from './choose-sites.ts';
import type { DeploymentAction } from './deployment-action.ts';

/** Names stay within 253 characters, and within what a socket path can take for all but absurd deployments. */
const prefixMax = 200;

async function startReplicas(
  { store, clock, rng, log, meters, nodes }: ControlDeps,
  { deployment, count, address }: Extract<DeploymentAction, { kind: 'start' }>,
): Promise<Acted> {
  const sites = await chooseSites({ store, nodes }, deployment.metadata.name, count);
  const prefix = deployment.metadata.name.slice(0, prefixMax);
  const since = timestamp(clock.nowMs());
  const replicas = sites.map((site) =>
    replicaFrom(deployment, { name: `${prefix}-${rng.secretHex(4)}`, site, since, address }),
  );
  const acted = await commit(store, replicas.map(replacing));
  if (acted === 'stale') return acted;
  for (const { metadata, spec } of replicas) {
    const facts = { replica: metadata.name, deployment: spec.deployment, node: spec.node };
    log.info('replica-starting', facts);
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
    case 'lose':
      return advance(deps, action.replica, { event: 'lost', message: 'Its node is gone.' });
    case 'remove':
      break;
  }
  return advance(deps, action.replica, { event: 'gone' });
}
