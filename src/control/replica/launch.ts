import { engineOptions, modelVersionName, problem, type Deployment, type Replica } from '#schema';
import type { Engine, LaunchPlan, ReplicaHandle, Result, Substrate } from '#contracts';
import { withDeadline } from '../deadline.ts';
import { isReady } from '../deployment/rollout.ts';
import type { NodeDeps } from '../deps.ts';
import { getOf, listOf } from '../records.ts';
import { variantFor } from '../release/variants.ts';

function refused(message: string): { readonly ok: false; readonly problem: ReturnType<typeof problem> } {
  return { ok: false, problem: problem('model_unavailable', message) };
}

/** The path of the version's file, for engines that load one. */
async function modelPath(
  { store, blobs }: NodeDeps,
  engine: Engine,
  replica: Replica,
): Promise<Result<string | undefined>> {
  if (engine.formats.length === 0) return { ok: true, value: undefined };
  const name = modelVersionName(replica.spec.model, replica.spec.version);
  const digest = (await getOf(store, 'ModelVersion', name))?.status?.digest;
  if (digest === undefined) return refused(`The model version ${name} has no file.`);
  const path = await blobs.localPath?.(digest);
  if (path === undefined) return refused(`The file of ${name} (${digest}) is not on this machine.`);
  return { ok: true, value: path };
}

function haveReadyOf({ metadata, spec }: Replica, all: readonly Replica[]): boolean {
  return all.some(
    (one) => one.spec.deployment === spec.deployment && one.metadata.name !== metadata.name && isReady(one),
  );
}

interface Circumstances {
  /** The deployment as it is for this replica: with what its release changes. */
  readonly deployment: Deployment;
  readonly othersServe: boolean;
}

async function launchPlan(
  deps: NodeDeps,
  replica: Replica,
  { deployment, othersServe }: Circumstances,
): Promise<Result<LaunchPlan>> {
  const { model, version } = replica.spec;
  const engine = deps.engines.get(replica.spec.engine);
  if (engine === undefined) return refused(`There is no engine "${replica.spec.engine}" here.`);
  const options = engine.parseOptions(engineOptions(deployment.spec.engine, replica.spec.address));
  if (!options.ok) return options;
  const path = await modelPath(deps, engine, replica);
  if (!path.ok) return path;
  const input = {
    replica: replica.metadata.name,
    model,
    version,
    modelPath: path.value,
    options: options.value,
    othersServe,
  };
  return { ok: true, value: engine.launch(input) };
}

/** A process of this name that was started just before the last end of the control plane. */
async function leftRunning(substrate: Substrate, name: string): Promise<ReplicaHandle | undefined> {
  const handle = (await substrate.running()).find((one) => one.replica === name);
  return handle !== undefined && (await substrate.adopt(handle)) ? handle : undefined;
}

/** Starts the replica's process, or finds the one that an interrupted earlier attempt has left. */
export async function launchReplica(
  deps: NodeDeps,
  replica: Replica,
  signal: AbortSignal,
): Promise<Result<ReplicaHandle>> {
  const { name } = replica.metadata;
  const substrate = deps.substrates.get(replica.spec.substrate);
  if (substrate === undefined) return refused(`There is no substrate "${replica.spec.substrate}" here.`);
  const left = await leftRunning(substrate, name);
  if (left !== undefined) return { ok: true, value: left };
  const deployment = await getOf(deps.store, 'Deployment', replica.spec.deployment);
  if (deployment === undefined) return refused('Its deployment was deleted.');
  const { store } = deps;
  const [releases, replicas] = await Promise.all([listOf(store, 'Release'), listOf(store, 'Replica')]);
  const plan = await launchPlan(deps, replica, {
    deployment: variantFor(replica, deployment, releases),
    othersServe: haveReadyOf(replica, replicas),
  });
  if (!plan.ok) return plan;
  const { loadMs } = deployment.spec.limits;
  const deadline = { timeoutMs: loadMs, signal, what: `The launch of ${name}` };
  return withDeadline(deps.clock, deadline, (inner) => substrate.start(name, plan.value, inner));
}
