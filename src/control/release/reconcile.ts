import {
  isReleaseOver,
  problem,
  ProblemError,
  releaseLifecycle,
  releaseSteps,
  type Deployment,
  type Release,
  type ReleaseEvent,
  type ReleaseStatus,
} from '#schema';
import type { ReleaseMemory } from '#policies';
import type { Again } from '../loop.ts';
import { timestamp } from '../records.ts';
import { attemptsBeside } from '../deployment/attempts.ts';
import { isAlive, isReady } from '../deployment/rollout.ts';
import { isUpToDate, templateOf } from '../template.ts';
import { judge, toldBy, type Judged, type Look, type ReleaseObserved } from './judging.ts';
import { candidateOf, candidatesNeeded, stableOf } from './variants.ts';

export type ReleaseAction =
  | { readonly kind: 'remember'; readonly name: string; readonly memory: ReleaseMemory }
  /** Both in one commit, or neither; `deployment` where the version that it wants changes with this. */
  | {
      readonly kind: 'write';
      readonly release: Release;
      readonly status: ReleaseStatus;
      readonly deployment?: Deployment | undefined;
    };

type Actions = readonly (ReleaseAction | Again)[];

const lookMs = 250;
const idleLookMs = 1000;
const progressMs = 2000;
/** Replicas of the candidate that failed in a row, while none is ready: it is given up. */
const failuresMax = 3;
const warmSlackMs = 60_000;

function to(look: Look, event: ReleaseEvent, change: Partial<ReleaseStatus>): ReleaseStatus {
  const { status, nowMs } = look;
  const next = releaseLifecycle[status.state][event];
  if (next === 'forbidden')
    throw new ProblemError(problem('internal', `A release that is ${status.state} cannot be "${event}".`));
  if (next === 'ignore') return status;
  const since = next === status.state ? status.since : timestamp(nowMs);
  return { ...status, state: next, since, ...change };
}

function write(look: Look, status: ReleaseStatus, deployment?: Deployment): Actions {
  return [
    { kind: 'write', release: look.release, status, deployment },
    { kind: 'again', afterMs: lookMs },
  ];
}

function readyOf({ observed }: Look, template: string): number {
  return observed.replicas.filter((replica) => isReady(replica) && isUpToDate(replica, template)).length;
}

function splitWith({ status }: Look, share: number, copied = 0): Pick<ReleaseStatus, 'split'> {
  if (status.split === undefined) return {};
  const { copied: _, ...split } = status.split;
  return { split: { ...split, share, ...(copied > 0 && { copied }) } };
}

/** All requests go to the old version again. If the deployment already wants the new one, it wants the old one again. */
function rollBack(look: Look, event: ReleaseEvent, message: string): Actions {
  const wasSettling = look.status.state === 'settling';
  const status = to(look, event, { message, ...splitWith(look, 0) });
  return write(look, status, wasSettling ? stableOf(look.deployment, look.release) : undefined);
}

function begin(look: Look): Actions {
  const { release, deployment, observed, nowMs } = look;
  if (observed.ahead !== undefined) {
    const message = `Waits for the release "${observed.ahead}" of the same deployment.`;
    if (look.status.message === message) return [{ kind: 'again', afterMs: idleLookMs }];
    return write(look, { ...look.status, message });
  }
  const { version, engine } = deployment.spec;
  const candidate = templateOf(candidateOf(deployment, release));
  const stable = templateOf(deployment);
  if (candidate === stable)
    return write(look, to(look, 'displaced', { message: `The deployment serves ${version} already.` }));
  return write(
    look,
    to(look, 'begun', {
      step: 0,
      stepSince: timestamp(nowMs),
      stable: { version, engine },
      split: { candidate, stable, share: 0 },
      message: 'The new version is being warmed up.',
    }),
  );
}

/** From now on the deployment wants the new version, and all requests go to it. */
function settle(look: Look, message: string): Actions {
  const status = to(look, 'passed', { message, ...splitWith(look, 1) });
  return write(look, status, candidateOf(look.deployment, look.release));
}

/** Why the candidate will not become ready, if that is known. */
function hopeless(look: Look, ready: number): string | undefined {
  const { deployment, status, nowMs } = look;
  if (ready > 0) return undefined;
  const { restarts, message } = attemptsBeside(deployment, status.split?.candidate ?? '');
  if (restarts >= failuresMax)
    return `Rolled back: replicas of the new version failed ${restarts} times. ${message ?? ''}`.trim();
  const inStateMs = nowMs - Date.parse(status.since);
  if (status.state === 'warming' && inStateMs >= deployment.spec.limits.loadMs + warmSlackMs)
    return `Rolled back: no replica of the new version was ready in time. ${message ?? ''}`.trim();
  return undefined;
}

function stepShare({ release, status }: Look): number {
  return releaseSteps(release.spec)[status.step] ?? 1;
}

function reasonToSettle({ release: { spec }, status }: Look): string {
  if (spec.verdict === 'promote') return 'as a person has decided';
  if (spec.strategy === 'blue-green') return 'now that it is warm';
  return `as its gates have passed (${status.message ?? ''})`;
}

/** Takes the share of the step as soon as enough replicas are warm for it. */
function takeShare(look: Look): Actions {
  const share = stepShare(look);
  if (share === 1) return settle(look, `All requests go to the new version, ${reasonToSettle(look)}.`);
  const { strategy, shadow } = look.release.spec;
  const copied = strategy === 'shadow' ? shadow.percent / 100 : 0;
  const change = {
    ...splitWith(look, share, copied),
    stepSince: timestamp(look.nowMs),
    message: 'Both versions are being compared.',
  };
  if (look.status.state === 'warming') return write(look, to(look, 'warmed', change));
  return write(look, to(look, 'step-passed', change));
}

function warming(look: Look): Actions {
  const ready = readyOf(look, look.status.split?.candidate ?? '');
  const reason = hopeless(look, ready);
  if (reason !== undefined) return rollBack(look, 'not-warmed', reason);
  // Nothing is compared yet, but the old version becomes known.
  const { memory } = judge(look);
  const next: Actions =
    ready >= candidatesNeeded(look.deployment, look.release)
      ? takeShare(look)
      : [{ kind: 'again', afterMs: lookMs }];
  return [{ kind: 'remember', name: look.release.metadata.name, memory }, ...next];
}

/** The next step; of a release that a person promotes, the last. */
function goOn(look: Look, told: Partial<ReleaseStatus>): Actions {
  const last = releaseSteps(look.release.spec).length - 1;
  const step = look.release.spec.verdict === 'promote' ? last : Math.min(last, look.status.step + 1);
  return write(look, to(look, 'step-passed', { ...told, step, stepSince: timestamp(look.nowMs) }));
}

/** What the candidate's replicas allow and demand, before any evidence: it is given up, or takes a share it waits for. */
function byReadiness(look: Look): Actions | undefined {
  const { split } = look.status;
  const ready = readyOf(look, split?.candidate ?? '');
  const reason = hopeless(look, ready);
  if (reason !== undefined) return rollBack(look, 'not-warmed', reason);
  if ((split?.share ?? 0) >= stepShare(look)) return undefined;
  return ready >= candidatesNeeded(look.deployment, look.release) ? takeShare(look) : [];
}

/** A shadow has passed, and nobody has said what then: it is asked nothing more, and stays warm for its promotion. */
function awaitPerson(look: Look, told: Partial<ReleaseStatus>): Actions {
  const message = `${told.message ?? ''} Nothing is promoted until a person promotes it.`;
  return write(look, { ...look.status, ...told, ...splitWith(look, 0), message });
}

function isWaitingForPerson({ release, status }: Look): boolean {
  const { spec } = release;
  if (spec.strategy !== 'shadow' || spec.shadow.promote || spec.verdict === 'promote') return false;
  return status.step === 0 && status.split?.copied === undefined;
}

/** The evidence lets it go on, or a person does. */
function proceed(look: Look, told: Partial<ReleaseStatus>): Actions {
  const { strategy, shadow, verdict } = look.release.spec;
  const isAsked = strategy !== 'shadow' || shadow.promote || verdict === 'promote';
  return isAsked ? goOn(look, told) : awaitPerson(look, told);
}

function afterJudging(look: Look, judged: Judged): Actions {
  const told = toldBy(look, judged);
  const { verdict } = judged.decision;
  const isPromoted = look.release.spec.verdict === 'promote';
  if (verdict === 'roll-back' && !isPromoted)
    return rollBack({ ...look, status: { ...look.status, ...told } }, 'harm-found', told.message ?? '');
  const first = byReadiness(look);
  if (first !== undefined && first.length > 0) return first;
  const mayGoOn = verdict === 'pass' || isPromoted;
  if (first === undefined && mayGoOn) return proceed(look, told);
  if (look.nowMs - look.observed.wroteAtMs < progressMs) return [{ kind: 'again', afterMs: lookMs }];
  return write(look, { ...look.status, ...told });
}

function comparing(look: Look): Actions {
  if (isWaitingForPerson(look)) return byReadiness(look) ?? [{ kind: 'again', afterMs: idleLookMs }];
  const judged = judge(look);
  const { name } = look.release.metadata;
  return [{ kind: 'remember', name, memory: judged.memory }, ...afterJudging(look, judged)];
}

function settling(look: Look): Actions {
  const { release, status, nowMs } = look;
  const leftMs = Date.parse(status.since) + release.spec.rollbackWindowMs - nowMs;
  if (leftMs > 0) return [{ kind: 'again', afterMs: Math.min(leftMs, idleLookMs) }];
  return write(look, to(look, 'window-over', {}));
}

const byState = { pending: begin, warming, comparing, settling };

/** Once nothing runs any more of the version that lost, gateways need not tell the two apart. */
function afterwards(look: Look): Actions {
  const { status, observed } = look;
  if (status.split === undefined) return [];
  const { candidate, stable } = status.split;
  const lost = status.state === 'promoted' ? stable : candidate;
  const isLeft = observed.replicas.some((replica) => isAlive(replica) && isUpToDate(replica, lost));
  const wants = templateOf(look.deployment);
  if (isLeft && wants !== lost) return [{ kind: 'again', afterMs: lookMs }];
  const { split: _, memory: __, ...rest } = status;
  return write(look, rest);
}

/** Somebody has given the deployment another version meanwhile: then that is what is wanted. */
function displaced({ status, deployment }: Look): boolean {
  if (status.split === undefined) return false;
  const { candidate, stable } = status.split;
  return templateOf(deployment) !== (status.state === 'settling' ? candidate : stable);
}

/** Its deployment was deleted: there is nothing to divide any more. */
function orphaned(release: Release, status: ReleaseStatus, nowMs: number): Actions {
  if (isReleaseOver(status.state)) return [];
  const message = `There is no deployment "${release.spec.deployment}".`;
  const { split: _, ...rest } = status;
  return [{ kind: 'write', release, status: { ...rest, state: 'failed', since: timestamp(nowMs), message } }];
}

function statusOf({ status, metadata }: Release, nowMs: number): ReleaseStatus {
  const since = metadata.createdAt ?? timestamp(nowMs);
  return status ?? { state: 'pending', step: 0, since, stepSince: since };
}

/** What to do next for one release. */
export function reconcileRelease(
  release: Release | undefined,
  observed: ReleaseObserved,
  nowMs: number,
): Actions {
  const { deployment } = observed;
  if (release === undefined) return [];
  const status = statusOf(release, nowMs);
  if (deployment === undefined) return orphaned(release, status, nowMs);
  const look: Look = { release, status, deployment, observed, nowMs };
  const { state } = status;
  if (state === 'promoted' || state === 'rolled-back' || state === 'failed') return afterwards(look);
  if (displaced(look)) {
    const message = 'The deployment was given another version.';
    const change = { message, ...splitWith(look, state === 'settling' ? 1 : 0) };
    return write(look, to(look, 'displaced', change));
  }
  if (release.spec.verdict === 'roll-back')
    return rollBack(look, 'revoked', 'Rolled back, as a person has decided.');
  return byState[state](look);
}
