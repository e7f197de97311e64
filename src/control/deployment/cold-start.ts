import type { Deployment, Replica } from '#schema';
import { statusOf } from '../replica/transition.ts';
import { isUpToDate, templateOf } from '../template.ts';

/** Before the first start of a version was seen. */
const unmeasuredMs = 30_000;

/** From its record to its first sign of being ready; undefined while it is not. */
function startMs({ metadata, status }: Replica): number | undefined {
  if (status?.state !== 'ready' || metadata.createdAt === undefined) return undefined;
  return Math.max(0, Date.parse(status.since) - Date.parse(metadata.createdAt));
}

/** How long starts of the wanted version took: the mean over the replicas that are there, else what was known. */
export function measuredColdStartMs(
  deployment: Deployment,
  replicas: readonly Replica[],
): number | undefined {
  const template = templateOf(deployment);
  const starts = replicas
    .filter((replica) => isUpToDate(replica, template))
    .flatMap((replica) => startMs(replica) ?? []);
  if (starts.length === 0) return deployment.status?.coldStartMs;
  return Math.round(starts.reduce((sum, ms) => sum + ms, 0) / starts.length);
}

export function coldStartMsOf(deployment: Deployment, replicas: readonly Replica[]): number {
  return deployment.spec.scaling?.coldStartMs ?? measuredColdStartMs(deployment, replicas) ?? unmeasuredMs;
}

/** Ready replicas, of whatever version: all of them take requests. */
export function readyOf(replicas: readonly Replica[]): number {
  return replicas.filter((replica) => statusOf(replica).state === 'ready').length;
}
