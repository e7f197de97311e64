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

/** True for a failure that only a changed spec can mend. */
function isFinal({ status, metadata }: ModelVersion): boolean {
  const observed = status?.observedGeneration;
  const current = observed === undefined || observed === metadata.generation;
  return status?.state === 'failed' && status.nextTryAt === undefined && current;
}

/** Waits until a version can be deployed, telling how far it is. Throws when it cannot be had. */
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
      const why = status?.message ?? 'It could not be had.';
      if (isFinal(version)) throw new ProblemError(problem('source_unavailable', `${name} failed: ${why}`));
      progress.show(stepOf(`${spec.model}@${spec.version}`, version));
    }
  } finally {
    progress.end();
  }
  throw new ProblemError(problem('unreachable'));
}
