import { z } from 'zod';
import { priorities, taskLanes, taskStates, type Payload, type Task, type TaskOutput } from '#schema';
import { bandOf, isReady, wakesAtMs } from './task-rules.ts';

/**
 * A task as a row: what is asked for or changed on its own has a column, the rest is in `record`. Bytes have columns
 * too, so that they are neither read nor written with everything else.
 */
export interface TaskRow {
  readonly id: string;
  readonly lane: string;
  readonly tenant: string;
  readonly model: string;
  readonly state: string;
  /** 1 when it may be claimed; 2 when it could be, but is parked. */
  readonly ready: number;
  readonly band: number;
  readonly rank: number;
  readonly attempt: number;
  readonly token: number;
  readonly worker: string | null;
  readonly claimed_ms: number | null;
  readonly lease_ms: number | null;
  readonly wake_ms: number;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly progress: string | null;
  readonly idempotency_key: string | null;
  readonly record: string;
  readonly input: Uint8Array | null;
  readonly output: Uint8Array | null;
}

function bytesOf(payload: Payload | undefined): Uint8Array | null {
  return payload?.kind === 'inline' ? payload.bytes : null;
}

function referenceOf(payload: Payload): object | undefined {
  return payload.kind === 'inline' ? undefined : payload;
}

function recordOf(task: Task): string {
  const { key, endpoint, jsonBytes, stride, dueAtMs, keepMs, attemptsMax, webhook, events, fingerprint } =
    task;
  const { session, traceparent, postponed, endedAtMs, replayedAtMs, replays, fault, trail, input, output } =
    task;
  return JSON.stringify({
    key,
    endpoint,
    jsonBytes,
    stride,
    dueAtMs,
    keepMs,
    attemptsMax,
    webhook,
    events,
    fingerprint,
    session,
    traceparent,
    postponed,
    endedAtMs,
    replayedAtMs,
    replays,
    fault,
    trail,
    input: referenceOf(input),
    output: output && { ...output, payload: referenceOf(output.payload) },
  });
}

export function toRow(task: Task, nowMs: number): TaskRow {
  return {
    id: task.id,
    lane: task.lane,
    tenant: task.tenant,
    model: task.model,
    state: task.state,
    ready: task.parked === true ? 2 : isReady(task, nowMs) ? 1 : 0,
    band: bandOf(task),
    rank: task.rank,
    attempt: task.attempt,
    token: task.token,
    worker: task.worker ?? null,
    claimed_ms: task.claimedAtMs ?? null,
    lease_ms: task.leaseUntilMs ?? null,
    wake_ms: wakesAtMs(task, nowMs),
    created_ms: task.createdAtMs,
    expires_ms: task.expiresAtMs,
    progress: task.progress === undefined ? null : JSON.stringify(task.progress),
    idempotency_key: task.idempotencyKey ?? null,
    record: recordOf(task),
    input: bytesOf(task.input),
    output: bytesOf(task.output?.payload),
  };
}

const nullish = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined);
/** Bytes, as one client library or the other hands them over. */
const bytes = z
  .custom<Uint8Array | ArrayBuffer>((value) => value instanceof Uint8Array || value instanceof ArrayBuffer)
  .transform((value) => new Uint8Array(value));
const part = { digest: z.string(), sizeBytes: z.number() };
const blob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('blob'), ...part }),
  z.object({ kind: z.literal('parts'), parts: z.array(z.object(part)), sizeBytes: z.number() }),
]);
const faultShape = z.object({ code: z.string(), message: z.string() });
const attemptShape = z.object({
  attempt: z.number(),
  worker: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  outcome: z.enum(['succeeded', 'failed', 'put-back', 'cancelled', 'expired']),
  fault: faultShape.optional(),
});
const outputShape = z.object({
  status: z.number(),
  contentType: z.string(),
  model: z.string(),
  jsonBytes: z.string().optional(),
  payload: blob.optional(),
});
const recordShape = z.object({
  key: z.string(),
  endpoint: z.string(),
  jsonBytes: z.string().optional(),
  // What was written before there were turns of tenants has none.
  stride: z.number().default(1),
  dueAtMs: z.number(),
  keepMs: z.number(),
  attemptsMax: z.number(),
  webhook: z.string().optional(),
  events: z.string().optional(),
  fingerprint: z.string().optional(),
  session: z.string().optional(),
  traceparent: z.string().optional(),
  postponed: z.number(),
  endedAtMs: z.number().optional(),
  replayedAtMs: z.number().optional(),
  replays: z.number().optional(),
  fault: faultShape.optional(),
  trail: z.array(attemptShape),
  input: blob.optional(),
  output: outputShape.optional(),
});
const linesShape = z.object({
  total: z.number(),
  completed: z.number(),
  failed: z.number(),
  finalizing: z.boolean(),
});
const progressShape = z.object({ chunks: z.number(), bytes: z.number(), lines: linesShape.optional() });

/** Numbers that a database may hand over as text. */
const count = z.coerce.number();
const rowShape = z.object({
  id: z.string(),
  lane: z.enum(taskLanes),
  tenant: z.string(),
  model: z.string(),
  state: z.enum(taskStates),
  ready: count,
  band: count,
  rank: count,
  attempt: count,
  token: count,
  worker: nullish(z.string()),
  claimed_ms: nullish(count),
  lease_ms: nullish(count),
  created_ms: count,
  expires_ms: count,
  progress: nullish(z.string()),
  idempotency_key: nullish(z.string()),
  record: z.string(),
  input: nullish(bytes),
  output: nullish(bytes),
});

const nothing = new Uint8Array(0);

function payloadOf(kept: Uint8Array | undefined, reference: Payload | undefined): Payload {
  return reference ?? { kind: 'inline', bytes: kept ?? nothing };
}

function outputOf(
  meta: z.infer<typeof outputShape> | undefined,
  kept: Uint8Array | undefined,
): TaskOutput | undefined {
  return meta && { ...meta, payload: payloadOf(kept, meta.payload) };
}

/** Fields that are undefined are left out: a task read back equals the one that was written. */
function dense<T extends object>(value: T): T {
  for (const key of Object.keys(value))
    if (Reflect.get(value, key) === undefined) Reflect.deleteProperty(value, key);
  return value;
}

/** What lies on disk is read like any input. Columns that were not asked for (`input`, `output`) come out empty. */
export function fromRow(given: unknown): Task {
  const row = rowShape.parse(given);
  const { input, output, ...record } = recordShape.parse(JSON.parse(row.record));
  return dense({
    ...record,
    id: row.id,
    lane: row.lane,
    tenant: row.tenant,
    model: row.model,
    state: row.state,
    parked: row.ready === 2 ? true : undefined,
    priority: priorities[row.band] ?? 'standard',
    rank: row.rank,
    attempt: row.attempt,
    token: row.token,
    worker: row.worker,
    claimedAtMs: row.claimed_ms,
    leaseUntilMs: row.lease_ms,
    createdAtMs: row.created_ms,
    expiresAtMs: row.expires_ms,
    progress: row.progress === undefined ? undefined : progressShape.parse(JSON.parse(row.progress)),
    idempotencyKey: row.idempotency_key,
    input: payloadOf(row.input, input),
    output: outputOf(output, row.output),
  });
}

/** Columns without the bytes. */
export const shortColumns = Object.keys(rowShape.shape).filter(
  (name) => name !== 'input' && name !== 'output',
);
export const allColumns = [...shortColumns, 'input', 'output'];
