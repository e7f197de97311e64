import { engineOptions, modelVersionName, type Deployment, type ModelVersion, type Replica } from '#schema';
import type { Nodes } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { getOf, listOf } from '../records.ts';
import type { DeploymentObserved } from './reconcile.ts';
import { companionOf, splitting } from '../release/variants.ts';
import type { Scalers } from './scalers.ts';
import type { EngineKnown, StartConditions } from './startable.ts';

function engineKnown({ engines }: ControlDeps, { spec }: Deployment): EngineKnown | undefined {
  const engine = engines.get(spec.engine.name);
  if (engine === undefined) return undefined;
  const options = engine.parseOptions(engineOptions(spec.engine));
  return { formats: engine.formats, optionsProblem: options.ok ? undefined : options.problem.message };
}

async function hasFile({ blobs }: ControlDeps, version: ModelVersion | undefined): Promise<boolean> {
  const digest = version?.status?.digest;
  return digest !== undefined && (await blobs.stat(digest)) !== undefined;
}

/** What is known of a deployment's engine and version. */
async function conditionsOf(deps: ControlDeps, wanted: Deployment | undefined): Promise<StartConditions> {
  const { store, engines, nodes } = deps;
  const version =
    wanted === undefined
      ? undefined
      : await getOf(store, 'ModelVersion', modelVersionName(wanted.spec.model, wanted.spec.version));
  return {
    engine: wanted === undefined ? undefined : engineKnown(deps, wanted),
    engineNames: [...engines.keys()],
    hasNode: nodes.seen().some(({ takes }) => takes),
    version,
    hasFile: await hasFile(deps, version),
  };
}

interface Sifted {
  readonly replicas: readonly Replica[];
  /** Their node is gone: nobody will tell of them any more. */
  readonly lost: readonly Replica[];
}

function sift(replicas: readonly Replica[], nodes: Nodes): Sifted {
  const isLost = ({ spec }: Replica): boolean => nodes.isGone(spec.node);
  return { replicas: replicas.filter((replica) => !isLost(replica)), lost: replicas.filter(isLost) };
}

export async function observeDeployment(
  deps: ControlDeps,
  scalers: Scalers,
  name: string,
): Promise<{ readonly wanted: Deployment | undefined; readonly observed: DeploymentObserved }> {
  const { store, rng, nodes } = deps;
  const wanted = await getOf(store, 'Deployment', name);
  if (wanted === undefined) scalers.forget(name);
  const found = (await listOf(store, 'Replica')).filter(({ spec }) => spec.deployment === name);
  const { replicas, lost } = sift(found, nodes);
  const release = splitting(await listOf(store, 'Release'), name);
  const companion = wanted && companionOf(wanted, release);
  return {
    wanted,
    observed: {
      replicas,
      lost,
      scale: wanted && scalers.look(wanted, replicas),
      chance: rng.next(),
      companion: companion && { ...companion, conditions: await conditionsOf(deps, companion.variant) },
      ...(await conditionsOf(deps, wanted)),
    },
  };
}
