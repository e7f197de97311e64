import {
  isReleaseOver,
  releaseSteps,
  wantedReplicasOf,
  type Deployment,
  type Release,
  type Replica,
} from '#schema';
import { isUpToDate, templateOf } from '../template.ts';

/** The deployment as it is with the version that a release tries. */
export function candidateOf(deployment: Deployment, { spec }: Release): Deployment {
  const engine = spec.engine ?? deployment.spec.engine;
  return { ...deployment, spec: { ...deployment.spec, version: spec.version, engine } };
}

/** The deployment as it was when the release began. */
export function stableOf(deployment: Deployment, { status }: Release): Deployment {
  const { version, engine } = status?.stable ?? deployment.spec;
  return { ...deployment, spec: { ...deployment.spec, version, engine } };
}

/** How many replicas of the candidate the step that is being taken needs. */
export function candidatesNeeded(deployment: Deployment, release: Release): number {
  const { spec, status } = release;
  const addresses = candidateOf(deployment, release).spec.engine.urls;
  if (addresses !== undefined) return addresses.length;
  const step = releaseSteps(spec)[status?.step ?? 0] ?? 1;
  const share = spec.strategy === 'shadow' && step === 0 ? spec.shadow.percent / 100 : step;
  return Math.max(1, Math.ceil(wantedReplicasOf(deployment) * share));
}

/** What runs beside the deployment's own version while a release is under way, and how many replicas of it. */
export interface Companion {
  readonly variant: Deployment;
  readonly wanted: number;
}

export function companionOf(deployment: Deployment, release: Release | undefined): Companion | undefined {
  const state = release?.status?.state;
  if (release === undefined || state === undefined || isReleaseOver(state)) return undefined;
  if (state === 'settling')
    return { variant: stableOf(deployment, release), wanted: wantedReplicasOf(deployment) };
  if (state === 'pending') return undefined;
  return { variant: candidateOf(deployment, release), wanted: candidatesNeeded(deployment, release) };
}

/** The release that divides a deployment's requests, if one does: there is one at most. */
export function splitting(releases: readonly Release[], deployment: string): Release | undefined {
  return releases.find(({ spec, status }) => spec.deployment === deployment && status?.split !== undefined);
}

/** The deployment as the replica was started from it: its engine may have other options while a release runs. */
export function variantFor(
  replica: Replica,
  deployment: Deployment,
  releases: readonly Release[],
): Deployment {
  const release = splitting(releases, deployment.metadata.name);
  if (release === undefined || isUpToDate(replica, templateOf(deployment))) return deployment;
  const variants = [candidateOf(deployment, release), stableOf(deployment, release)];
  return variants.find((variant) => isUpToDate(replica, templateOf(variant))) ?? deployment;
}
