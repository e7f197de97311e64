import type { DeploymentSpec, Replica, ReplicaEvent, ReplicaStatus } from '#schema';
import { stall, type StallMemory } from '#policies';
import type { SignsOfLife } from '#contracts';
import type { Again } from '../loop.ts';
import { sameJson } from '../records.ts';
import { estimateLoad } from './load-estimate.ts';
import { handleOf, statusOf } from './transition.ts';

/** What is remembered of a replica from one probe to the next. Lost with the process, and nothing is lost with it. */
export interface ProbeMemory {
  readonly stall: StallMemory;
  /** Probes in a row that found a draining replica without work. */
  readonly idleProbes: number;
  /** When progress of loading was last written down. */
  readonly progressAtMs: number | undefined;
}

export function beginProbes(): ProbeMemory {
  return { stall: stall.begin(), idleProbes: 0, progressAtMs: undefined };
}

export interface ReplicaObserved {
  /** `unknown` until adoption has been decided after a restart of the control plane. */
  readonly process: 'unknown' | 'running' | 'none';
  /** Why it ended by itself, if it did. */
  readonly exitReason: string | undefined;
  /** Its answer to this probe; absent when it was not asked or did not answer. */
  readonly life: SignsOfLife | undefined;
  /** Why it did not answer, where it was asked in vain. */
  readonly silence: string | undefined;
  readonly memory: ProbeMemory;
  readonly limits: Pick<DeploymentSpec['limits'], 'stallMs' | 'drainMs' | 'loadMs'>;
  /** Requests it works on at once; absent where engine or options are not known. */
  readonly concurrency: number | undefined;
  readonly lastLoadMs: number | undefined;
}

export type ReplicaAction =
  | { readonly kind: 'launch'; readonly replica: Replica }
  | { readonly kind: 'adopt'; readonly replica: Replica }
  | { readonly kind: 'remember'; readonly name: string; readonly memory: ProbeMemory }
  | { readonly kind: 'write-status'; readonly replica: Replica; readonly status: ReplicaStatus }
  | Step
  /** Ends the process, then takes the record away (`remove`) or leaves it for the deployment to note (`keep`). */
  | {
      readonly kind: 'stop';
      readonly replica: Replica;
      readonly graceMs: number;
      readonly record: 'remove' | 'keep';
    };

interface Step {
  readonly kind: 'transition';
  readonly replica: Replica;
  readonly event: ReplicaEvent;
  readonly message?: string | undefined;
  /** Nothing runs any more, so nothing is left to be stopped. */
  readonly handleGone?: boolean;
}

type Actions = readonly (ReplicaAction | Again)[];

/** Loading is looked at more often, so that a small model answers as soon as it can. */
const loadingProbeMs = 250;
const probeMs = 1000;
const progressMs = 1000;
/** A worker of ours listens within a second or two, and an endpoint of others does already. */
const silenceMs = 3000;
/** Gateways have heard of a drain after this: what is idle then stays idle. */
const drainSettleMs = 1000;
const idleProbesMin = 2;
/** A replica without work needs little time to end. */
const stopGraceMs = 5000;

interface Look {
  readonly replica: Replica;
  readonly status: ReplicaStatus;
  readonly observed: ReplicaObserved;
  readonly nowMs: number;
  readonly inStateMs: number;
}

function to({ replica }: Look, event: ReplicaEvent, message?: string): Step {
  return { kind: 'transition', replica, event, message };
}

function starting(look: Look): Actions {
  if (look.inStateMs >= look.observed.limits.loadMs)
    return [to(look, 'load-timed-out', 'It could not be launched in time (`limits.loadMs`).')];
  return [{ kind: 'launch', replica: look.replica }];
}

function loadedSoFar({ status, observed, nowMs, inStateMs }: Look): ReplicaStatus {
  const { life, lastLoadMs, memory } = observed;
  const isRecent = memory.progressAtMs !== undefined && nowMs - memory.progressAtMs < progressMs;
  if (isRecent) return status;
  const fraction = life?.loadedFraction ?? status.loadedFraction;
  const loadedFraction = fraction === undefined ? undefined : Math.round(fraction * 1000) / 1000;
  const remainingMs = estimateLoad({ elapsedMs: inStateMs, loadedFraction, lastLoadMs });
  const silence = inStateMs >= silenceMs ? observed.silence : undefined;
  return { ...status, loadedFraction, remainingMs, message: life === undefined ? silence : life.message };
}

function loading(look: Look): Actions {
  const { replica, status, observed, nowMs, inStateMs } = look;
  const { life, limits, memory } = observed;
  if (life?.state === 'ready') return [to(look, 'became-ready')];
  if (life?.state === 'failed') return [to(look, 'exited', life.message ?? 'The engine could not load it.')];
  if (inStateMs >= limits.loadMs)
    return [to(look, 'load-timed-out', `It was not loaded within ${limits.loadMs} ms (\`limits.loadMs\`).`)];
  const again: Again = { kind: 'again', afterMs: loadingProbeMs };
  const next = loadedSoFar(look);
  if (sameJson(next, status)) return [again];
  return [
    { kind: 'remember', name: replica.metadata.name, memory: { ...memory, progressAtMs: nowMs } },
    { kind: 'write-status', replica, status: next },
    again,
  ];
}

/** What the stall policy makes of this probe, and what is to be remembered until the next. */
function watchProgress({ status, observed, nowMs, inStateMs }: Look): {
  readonly stalledMessage: string | undefined;
  readonly memory: ProbeMemory;
} {
  const { life, memory, limits } = observed;
  const isSettled = status.state === 'draining' && inStateMs >= drainSettleMs;
  const isIdle = life !== undefined && life.active === 0 && life.queued === 0;
  const outcome = stall.decide({ nowMs, stallMs: limits.stallMs, life }, memory.stall);
  const next = {
    ...memory,
    stall: outcome.memory,
    idleProbes: isSettled && isIdle ? memory.idleProbes + 1 : 0,
  };
  if (outcome.decision === 'well') return { stalledMessage: undefined, memory: next };
  const what = outcome.reason.code === 'unanswered' ? 'did not answer' : 'had work and made no progress';
  return { stalledMessage: `It ${what} for ${limits.stallMs} ms (\`limits.stallMs\`).`, memory: next };
}

function ready(look: Look): Actions {
  const { replica, status, observed } = look;
  const { life, concurrency } = observed;
  if (life?.state === 'failed') return [to(look, 'stalled', life.message ?? 'The engine reports a failure.')];
  const { stalledMessage, memory } = watchProgress(look);
  if (stalledMessage !== undefined) return [to(look, 'stalled', stalledMessage)];
  const remember = { kind: 'remember', name: replica.metadata.name, memory } as const;
  const again: Again = { kind: 'again', afterMs: probeMs };
  if (concurrency === undefined || concurrency === status.concurrency) return [remember, again];
  return [remember, { kind: 'write-status', replica, status: { ...status, concurrency } }, again];
}

function draining(look: Look): Actions {
  const { replica, observed, inStateMs } = look;
  const { life, limits } = observed;
  if (inStateMs >= limits.drainMs)
    return [to(look, 'drained', `Its work did not end within ${limits.drainMs} ms (\`limits.drainMs\`).`)];
  const { stalledMessage, memory } = watchProgress(look);
  if (stalledMessage !== undefined || life?.state === 'failed')
    return [to(look, 'stalled', stalledMessage ?? life?.message)];
  if (memory.idleProbes >= idleProbesMin) return [to(look, 'drained')];
  return [
    { kind: 'remember', name: replica.metadata.name, memory },
    { kind: 'again', afterMs: Math.min(probeMs, limits.drainMs - inStateMs) },
  ];
}

function failed({ replica, status, observed }: Look): Actions {
  const isGone = status.endpoint === undefined && status.identity === undefined;
  // What has no process any more waits only to be noted by its deployment.
  if (isGone && observed.process !== 'running') return [];
  return [{ kind: 'stop', replica, graceMs: 0, record: 'keep' }];
}

const byState = { starting, loading, ready, draining, failed };

/** What to do next for one replica: never more than one step of its life at a time. */
export function reconcileReplica(
  replica: Replica | undefined,
  observed: ReplicaObserved,
  nowMs: number,
): Actions {
  if (replica === undefined) return [];
  const status = statusOf(replica);
  const look = { replica, status, observed, nowMs, inStateMs: nowMs - Date.parse(status.since) };
  const { state } = status;
  if (state === 'stopping') return [{ kind: 'stop', replica, graceMs: stopGraceMs, record: 'remove' }];
  if (state === 'starting' || state === 'failed') return byState[state](look);
  if (observed.exitReason !== undefined)
    return [{ ...to(look, 'exited', observed.exitReason), handleGone: true }];
  if (observed.process === 'unknown' && handleOf(replica) !== undefined)
    return [
      { kind: 'adopt', replica },
      { kind: 'again', afterMs: 0 },
    ];
  return byState[state](look);
}
