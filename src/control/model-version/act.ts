import type { ModelVersion, ModelVersionStatus } from '#schema';
import type { Blob } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { commit, replacing, sameJson, type Acted } from '../records.ts';
import { knownDigest } from './known-digest.ts';
import { inspectBlob } from './inspect.ts';
import type { Pulls } from './pulls.ts';
import { failing, keepingCurves, type ModelVersionAction } from './reconcile.ts';

export interface ModelVersionWorld {
  readonly deps: ControlDeps;
  readonly pulls: Pulls;
}

async function writeStatus(
  { store, log }: ControlDeps,
  version: ModelVersion,
  status: ModelVersionStatus,
): Promise<Acted> {
  const acted = await commit(store, [replacing({ ...version, status: keepingCurves(version, status) })]);
  if (acted === 'done' && status.state !== version.status?.state)
    log.info(`model-version-${status.state}`, { name: version.metadata.name, message: status.message });
  return acted;
}

async function inspect(
  deps: ControlDeps,
  { version, blob }: { readonly version: ModelVersion; readonly blob: Blob },
  signal: AbortSignal,
): Promise<Acted> {
  const said = await inspectBlob(deps, { version, blob }, signal);
  if (signal.aborted) return 'done';
  if (!said.ok) {
    const status = failing(version, said.problem, deps.clock.nowMs());
    return writeStatus(deps, version, { ...status, digest: blob.digest });
  }
  return writeStatus(deps, version, {
    observedGeneration: version.metadata.generation,
    state: 'ready',
    digest: blob.digest,
    sizeBytes: blob.sizeBytes,
    format: said.value?.format ?? version.spec.format,
    facts: said.value?.facts,
  });
}

/** A pull that finds no room is asked for again. */
async function startPull({ deps, pulls }: ModelVersionWorld, version: ModelVersion): Promise<Acted> {
  const { status, metadata } = version;
  const isStarted = pulls.start(version);
  if (isStarted && status?.state === 'pulling') return 'done';
  const next = keepingCurves(version, {
    observedGeneration: metadata.generation,
    state: isStarted ? 'pulling' : 'pending',
    message: isStarted ? undefined : 'Waits for other pulls to end.',
    digest: knownDigest(version),
  });
  return sameJson(next, status) ? 'done' : writeStatus(deps, version, next);
}

/** Performs one action of `reconcileModelVersion`. */
export async function actOnModelVersion(
  world: ModelVersionWorld,
  action: ModelVersionAction,
  signal: AbortSignal,
): Promise<Acted> {
  switch (action.kind) {
    case 'inspect':
      return inspect(world.deps, action, signal);
    case 'write-status':
      return writeStatus(world.deps, action.version, action.status);
    case 'pull':
      return startPull(world, action.version);
    case 'drop-pull':
      break;
  }
  await world.pulls.drop(action.name, action.discard);
  return 'done';
}
