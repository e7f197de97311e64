import type { Outcome, Policy, Reason } from '../policy.ts';

export interface AdmitInput {
  readonly nowMs: number;
  /** Requests waiting before this one: the whole queue for a newcomer, 0 for its head. */
  readonly ahead: number;
  /** `limits.queueDepthMax` of the deployment. */
  readonly queueDepthMax: number;
  /** How long this request has waited here; 0 for a newcomer. */
  readonly waitedMs: number;
  /** `limits.holdMs`: how long a request is held while no replica is ready. */
  readonly holdMs: number;
  /** Replicas that answer. */
  readonly readyReplicas: number;
  /** Requests all ready replicas work on at once, summed, and how many they work on now. */
  readonly concurrency: number;
  readonly inFlight: number;
  /** Until what waits now and this request have been worked off, by the service curve; absent while unmeasured. */
  readonly drainMs?: number | undefined;
  /** Replicas on their way: how far the furthest is (0 to 1) and how long it should still take, where known. */
  readonly loading?:
    | { readonly fraction?: number | undefined; readonly remainingMs?: number | undefined }
    | undefined;
  /** Replicas the deployment wants; 0 means that none will come. */
  readonly wantedReplicas: number;
  /** When failed replicas are tried again, from now; absent when no attempt is being delayed. */
  readonly nextStartInMs?: number | undefined;
}

export type Admission =
  /** There is room: send it. */
  | { readonly kind: 'admit' }
  /** Keep it and ask again when something changes, at the latest after `forMs` (absent: only on a change). */
  | { readonly kind: 'wait'; readonly forMs?: number | undefined }
  /** `code` is a problem code. `retryAfterMs` is absent where there is no data to tell it from. */
  | {
      readonly kind: 'refuse';
      readonly code: 'overloaded' | 'model_loading' | 'model_unavailable';
      readonly retryAfterMs?: number | undefined;
    };

type Answer = Outcome<Admission, undefined>;

const admitted: Answer = { decision: { kind: 'admit' }, memory: undefined, reason: { code: 'has-room' } };
const queued: Answer = { decision: { kind: 'wait' }, memory: undefined, reason: { code: 'replicas-full' } };

type RefusalCode = Extract<Admission, { kind: 'refuse' }>['code'];

function refuse(code: RefusalCode, reason: Reason, retryAfterMs: number | undefined): Answer {
  return { decision: { kind: 'refuse', code, retryAfterMs }, memory: undefined, reason };
}

function queueFull(input: AdmitInput): Answer {
  const facts = { ahead: input.ahead, queueDepthMax: input.queueDepthMax };
  return refuse('overloaded', { code: 'queue-full', facts }, input.drainMs ?? input.loading?.remainingMs);
}

function held(input: AdmitInput): Answer {
  const { loading, waitedMs, holdMs } = input;
  const facts = { waitedMs, holdMs };
  if (loading === undefined)
    return refuse('model_unavailable', { code: 'not-ready-in-time', facts }, input.nextStartInMs);
  return refuse('model_loading', { code: 'not-loaded-in-time', facts }, loading.remainingMs);
}

/** No replica answers yet: hold the request, unless that is hopeless or has lasted long enough. */
function withoutReplica(input: AdmitInput): Answer {
  const { wantedReplicas, waitedMs, holdMs, loading, nextStartInMs } = input;
  if (wantedReplicas === 0 && loading === undefined)
    return refuse('model_unavailable', { code: 'scaled-to-zero' }, undefined);
  const leftMs = holdMs - waitedMs;
  if (leftMs <= 0) return held(input);
  if (loading === undefined && nextStartInMs !== undefined && nextStartInMs >= leftMs) {
    const facts = { nextStartInMs, leftMs };
    return refuse('model_unavailable', { code: 'restarts-too-late', facts }, nextStartInMs);
  }
  return {
    decision: { kind: 'wait', forMs: leftMs },
    memory: undefined,
    reason: { code: loading === undefined ? 'waits-for-start' : 'waits-for-load' },
  };
}

/**
 * Whether a request may go, must wait or is refused. A newcomer never overtakes those who wait. What waits is bounded
 * by `queueDepthMax`; what is held for a model that loads, by `holdMs` as well. The answers that come with every
 * request (`admit`, `wait` for a place) allocate nothing.
 */
export const queueBound: Policy<AdmitInput, undefined, Admission> = {
  name: 'queue-bound',
  begin: () => undefined,
  decide(input) {
    const ready = input.readyReplicas > 0;
    if (ready && input.ahead === 0 && input.inFlight < input.concurrency) return admitted;
    if (input.ahead >= input.queueDepthMax) return queueFull(input);
    return ready ? queued : withoutReplica(input);
  },
};
