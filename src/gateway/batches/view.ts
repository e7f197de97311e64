import { hasEnded, type BatchView, type Payload, type Task } from '#schema';
import { seconds } from '../files/view.ts';
import { endShape, parseKept, specShape, type KeptEnd } from './wire.ts';

type Status = BatchView['status'];

function bytesOf(payload: Payload | undefined): Uint8Array {
  return payload?.kind === 'inline' ? payload.bytes : new Uint8Array(0);
}

/** Where its worker wrote no end: it was cancelled before it began, or nobody came to it in time. */
function statusWithout({ state }: Task): Status {
  if (state === 'cancelled' || state === 'expired') return state;
  return 'failed';
}

function statusOf(batch: Task, end: KeptEnd | undefined, isCancelled: boolean): Status {
  if (end) return end.status;
  if (hasEnded(batch.state)) return statusWithout(batch);
  if (isCancelled) return 'cancelling';
  const { lines } = batch.progress ?? {};
  if (lines === undefined) return 'validating';
  return lines.finalizing ? 'finalizing' : 'in_progress';
}

function countsOf({ progress }: Task, end: KeptEnd | undefined): BatchView['request_counts'] {
  const { total = 0, completed = 0, failed = 0 } = end?.counts ?? progress?.lines ?? {};
  return { total, completed, failed };
}

function errorsOf({ fault }: Task, end: KeptEnd | undefined): BatchView['errors'] {
  const data = end?.errors ?? (fault ? [{ ...fault, param: undefined, line: undefined }] : []);
  if (data.length === 0) return null;
  return {
    object: 'list',
    data: data.map(({ code, message, param, line }) => ({
      code,
      message,
      param: param ?? null,
      line: line ?? null,
    })),
  };
}

function endTimes(status: Status, endedAtMs: number | undefined): Partial<BatchView> {
  if (endedAtMs === undefined) return {};
  const at = seconds(endedAtMs);
  if (status === 'completed') return { completed_at: at };
  if (status === 'failed') return { failed_at: at };
  return status === 'expired' ? { expired_at: at } : { cancelled_at: at };
}

function madeWith({ input }: Task) {
  const spec = parseKept(specShape, bytesOf(input));
  return {
    input_file_id: spec?.inputFile ?? '',
    completion_window: spec?.window ?? '',
    expires_at: spec === undefined ? null : seconds(spec.deadlineMs),
    metadata: spec?.metadata ?? null,
  };
}

function beginnings({ createdAtMs, claimedAtMs }: Task, cancel: Task | undefined) {
  return {
    created_at: seconds(createdAtMs),
    ...(claimedAtMs !== undefined && { in_progress_at: seconds(claimedAtMs) }),
    ...(cancel && { cancelling_at: seconds(cancel.createdAtMs) }),
  };
}

/** A batch as OpenAI's clients see it. `cancel` is the mark of who wants it to end. */
export function batchViewOf(batch: Task, cancel: Task | undefined): BatchView {
  const end = batch.output && parseKept(endShape, bytesOf(batch.output.payload));
  const status = statusOf(batch, end, cancel !== undefined);
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    ...madeWith(batch),
    status,
    output_file_id: end?.outputFile ?? null,
    error_file_id: end?.errorFile ?? null,
    errors: status === 'failed' ? errorsOf(batch, end) : null,
    ...beginnings(batch, cancel),
    ...endTimes(status, batch.endedAtMs),
    request_counts: countsOf(batch, end),
  };
}
