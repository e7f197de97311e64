import { modelVersionName, type Deployment, type ModelVersion } from '#schema';
import type { ControlDeps } from '../deps.ts';
import { getOf, listOf } from '../records.ts';
import type { DeploymentObserved } from './reconcile.ts';
import type { EngineKnown } from './startable.ts';

function engineKnown({ engines }: ControlDeps, { spec }: Deployment): EngineKnown | undefined {
  const engine = engines.get(spec.engine.name);
  if (engine === undefined) return undefined;
  const options = engine.parseOptions(spec.engine.options);
  return { formats: engine.formats, optionsProblem: options.ok ? undefined : options.problem.message };
}

async function hasFile({ blobs }: ControlDeps, version: ModelVersion | undefined): Promise<boolean> {
  const digest = version?.status?.digest;
  return digest !== undefined && (await blobs.stat(digest)) !== undefined;
}

export async function observeDeployment(
  deps: ControlDeps,
  name: string,
): Promise<{ readonly wanted: Deployment | undefined; readonly observed: DeploymentObserved }> {
  const { store, engines, substrates, rng } = deps;
  const wanted = await getOf(store, 'Deployment', name);
  const replicas = (await listOf(store, 'Replica')).filter(({ spec }) => spec.deployment === name);
  const engine = wanted === undefined ? undefined : engineKnown(deps, wanted);
  const version =
    wanted === undefined
      ? undefined
      : await getOf(store, 'ModelVersion', modelVersionName(wanted.spec.model, wanted.spec.version));
  const [substrate] = substrates.keys();
  return {
    wanted,
    observed: {
      replicas,
      chance: rng.next(),
      engine,
      engineNames: [...engines.keys()],
      substrate,
      version,
      hasFile: await hasFile(deps, version),
    },
  };
}
