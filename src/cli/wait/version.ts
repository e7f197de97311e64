import type { ModelVersion } from '@millrace/sdk';
import { problem, ProblemError } from '#schema';
import type { Context } from '../context.ts';
import { bytesOfBytes, createProgress, type Step } from '../progress.ts';

function stepOf(label: string, { status }: ModelVersion): Step {
  const { receivedBytes, sizeBytes, remainingMs } = status ?? {};
  if (status?.state !== 'pulling' || receivedBytes === undefined || !sizeBytes)
    return { label: `${label}: ${status?.message ?? status?.state ?? 'pending'}` };
  return {
    label: `Pulling ${label}`,
    fraction: receivedBytes / sizeBytes,
    remainingMs,
    detail: bytesOfBytes(receivedBytes, sizeBytes),
  };
}

/** Why it could not be had, when its present spec has failed, and when the platform tries again. */
function failureOf({ metadata, status }: ModelVersion): string | undefined {
  const observed = status?.observedGeneration;
  const isCurrent = observed === undefined || observed === metadata.generation;
  if (status?.state !== 'failed' || !isCurrent) return undefined;
  const why = status.message ?? 'It could not be had.';
  const next = status.nextTryAt === undefined ? '' : ` The platform tries again at ${status.nextTryAt}.`;
  return `${metadata.name} failed: ${why}${next}`;
}

/** Waits until a version can be deployed, telling how far it is. Throws when an attempt to get it fails. */
export async function waitForVersion(context: Context, name: string): Promise<ModelVersion> {
  const progress = createProgress(context);
  try {
    for await (const event of context.client().resources('ModelVersion').watch()) {
      if (event.type === 'synced' || event.resource.metadata.name !== name) continue;
      const version = event.resource;
      if (event.type === 'deleted')
        throw new ProblemError(problem('not_found', `${name} was deleted meanwhile.`));
      const { spec, status } = version;
      if (status?.state === 'ready') return version;
      const failure = failureOf(version);
      if (failure !== undefined) throw new ProblemError(problem('source_unavailable', failure));
      progress.show(stepOf(`${spec.model}@${spec.version}`, version));
    }
  } finally {
    progress.end();
  }
  throw new ProblemError(problem('unreachable'));
}
