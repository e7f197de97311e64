import { problem, problems, type ModelVersion, type ModelVersionStatus, type Problem } from '#schema';
import type { Blob } from '#contracts';
import type { Again } from '../loop.ts';
import { sameJson, timestamp } from '../records.ts';
import { knownDigest } from './known-digest.ts';
import { schemeOf, wishOf, type PullView } from './pulls.ts';

export interface ModelVersionObserved {
  /** The blob of the digest in the spec, or else in the status. */
  readonly blob: Blob | undefined;
  readonly pull: PullView | undefined;
  readonly schemes: readonly string[];
}

export type ModelVersionAction =
  | { readonly kind: 'inspect'; readonly version: ModelVersion; readonly blob: Blob }
  | { readonly kind: 'pull'; readonly version: ModelVersion }
  /** `discard`: what has come is of no use to anybody. */
  | { readonly kind: 'drop-pull'; readonly name: string; readonly discard: boolean }
  | {
      readonly kind: 'write-status';
      readonly version: ModelVersion;
      readonly status: ModelVersionStatus;
    };

type Actions = readonly (ModelVersionAction | Again)[];

/** How long after a failure that may pass the next attempt is made. */
const retryAfterMs = 5 * 60_000;
/** Blobs cannot be watched: a version that waits for its push looks. */
const lookForUploadMs = 2000;
const lookForRoomMs = 2000;

function isFresh({ status, metadata }: ModelVersion): boolean {
  return status?.observedGeneration === metadata.generation;
}

/** What the request path has learned stands in the status too, and is not ours to change. */
export function keepingCurves({ status }: ModelVersion, next: ModelVersionStatus): ModelVersionStatus {
  return status?.serviceCurves === undefined ? next : { ...next, serviceCurves: status.serviceCurves };
}

/** Writes a status unless it is already there. */
function writing(version: ModelVersion, status: ModelVersionStatus): Actions {
  const full = keepingCurves(version, { observedGeneration: version.metadata.generation, ...status });
  return sameJson(full, version.status) ? [] : [{ kind: 'write-status', version, status: full }];
}

export function failing(
  version: ModelVersion,
  { code, message }: Problem,
  nowMs: number,
): ModelVersionStatus {
  const mayPass = problems[code].retry === 'later' || code === 'internal';
  return {
    observedGeneration: version.metadata.generation,
    state: 'failed',
    message,
    nextTryAt: mayPass ? timestamp(nowMs + retryAfterMs) : undefined,
    digest: knownDigest(version),
  };
}

function fail(version: ModelVersion, cause: Problem, nowMs: number): Actions {
  return writing(version, failing(version, cause, nowMs));
}

/** Ready stays ready while the file is there: a version is one state of a model and never becomes another. */
function isSettled(version: ModelVersion, blob: Blob | undefined): boolean {
  return version.status?.state === 'ready' && blob !== undefined && version.status.digest === blob.digest;
}

/** In milliseconds from now; `undefined` when a failure stands until the spec is changed, 0 when there is none. */
function retryInMs(version: ModelVersion, nowMs: number): number | undefined {
  const { status } = version;
  if (status?.state !== 'failed' || !isFresh(version)) return 0;
  return status.nextTryAt === undefined ? undefined : Math.max(0, Date.parse(status.nextTryAt) - nowMs);
}

function waitForUpload(version: ModelVersion, nowMs: number): Actions {
  if (version.spec.digest === undefined)
    return fail(version, problem('invalid_resource', 'A pushed version needs `spec.digest`.'), nowMs);
  const message = `Waits for the file ${version.spec.digest} to be pushed.`;
  return [...writing(version, { state: 'pending', message }), { kind: 'again', afterMs: lookForUploadMs }];
}

function progressOf(version: ModelVersion, pull: PullView): ModelVersionStatus {
  // Until the source has answered, what an earlier attempt has reached is still the best there is to tell.
  if (pull.sizeBytes === undefined && version.status?.state === 'pulling') return version.status;
  const { receivedBytes, sizeBytes, remainingMs } = pull;
  return { state: 'pulling', digest: knownDigest(version), receivedBytes, sizeBytes, remainingMs };
}

function followPull(version: ModelVersion, pull: PullView, nowMs: number): Actions {
  const { name } = version.metadata;
  if (pull.wish !== wishOf(version))
    return [
      { kind: 'drop-pull', name, discard: true },
      { kind: 'again', afterMs: 0 },
    ];
  if (pull.state === 'running') return writing(version, progressOf(version, pull));
  const done: Actions = [{ kind: 'drop-pull', name, discard: false }];
  if (pull.blob !== undefined) return [{ kind: 'inspect', version, blob: pull.blob }, ...done];
  return [...fail(version, pull.problem ?? problem('internal'), nowMs), ...done];
}

function startPull(version: ModelVersion, { schemes }: ModelVersionObserved, nowMs: number): Actions {
  const scheme = schemeOf(version.spec.source);
  if (!schemes.includes(scheme)) {
    const known = ['`upload`', ...schemes.map((one) => `\`${one}:\``)].join(', ');
    return fail(
      version,
      problem('invalid_resource', `Cannot pull "${version.spec.source}". Known are ${known}.`),
      nowMs,
    );
  }
  return [
    { kind: 'pull', version },
    { kind: 'again', afterMs: lookForRoomMs },
  ];
}

/** There is no file yet. */
function obtain(version: ModelVersion, observed: ModelVersionObserved, nowMs: number): Actions {
  if (version.spec.source === 'none') return writing(version, { state: 'ready' });
  return version.spec.source === 'upload'
    ? waitForUpload(version, nowMs)
    : startPull(version, observed, nowMs);
}

/**
 * 1. Deleted: a pull is cancelled, and what failed ones have left is thrown away. 2. Ready and the file is here: nothing to do. 3. Failed: stays so until its spec
 * changes or the time of its next attempt. 4. It is being pulled: progress is written down. 5. The file is here: it is
 * inspected. 6. It needs no file: ready. 7. It is to be pushed: waits. 8. It is to be pulled.
 */
export function reconcileModelVersion(
  { name, version }: { readonly name: string; readonly version: ModelVersion | undefined },
  observed: ModelVersionObserved,
  nowMs: number,
): Actions {
  const { blob, pull } = observed;
  if (version === undefined) return [{ kind: 'drop-pull', name, discard: true }];
  if (isSettled(version, blob) && version.status !== undefined)
    return writing(version, { ...version.status, observedGeneration: version.metadata.generation });
  const retryMs = retryInMs(version, nowMs);
  if (retryMs === undefined) return [];
  if (retryMs > 0) return [{ kind: 'again', afterMs: retryMs }];
  if (pull !== undefined) return followPull(version, pull, nowMs);
  if (blob !== undefined) return [{ kind: 'inspect', version, blob }];
  return obtain(version, observed, nowMs);
}
