import { modelVersionLabel, type Deployment, type Release, type ReleaseStatus, type Replica } from '#schema';
import {
  describeRelease,
  releaseGates,
  type Doings,
  type Finding,
  type Outcome,
  type Pair,
  type ReleaseDecision,
  type ReleaseMemory,
} from '#policies';
import type { Alike } from '#contracts';
import { gateNouns, gateTerms } from './looks.ts';
import { candidateOf, stableOf } from './variants.ts';

export interface ReleaseObserved {
  readonly deployment: Deployment | undefined;
  /** All of the deployment. */
  readonly replicas: readonly Replica[];
  /** Another release of the deployment that is not done with. */
  readonly ahead: string | undefined;
  /** What has happened since the last look, by gate. */
  readonly news: Readonly<Record<string, Pair<Doings>>>;
  /** Of a shadow: how its answers compare with those that were given. */
  readonly alike: Alike | undefined;
  /** What the gates remember; of the record where this process has not looked yet. */
  readonly memory: ReleaseMemory;
  /** When the status was last written from here. */
  readonly wroteAtMs: number;
}

/** One look at a release. */
export interface Look {
  readonly release: Release;
  readonly status: ReleaseStatus;
  readonly deployment: Deployment;
  readonly observed: ReleaseObserved;
  readonly nowMs: number;
}

function labelsOf({ release, deployment }: Look): Pair<string> {
  return {
    candidate: modelVersionLabel(candidateOf(deployment, release).spec),
    stable: modelVersionLabel(stableOf(deployment, release).spec),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function shown({ name, logEvidence, ratioBound, riseBound, passes, candidate, stable }: Finding) {
  return {
    name,
    evidence: rounded(Math.exp(Math.min(logEvidence, 100))),
    ratioBound: Number.isFinite(ratioBound) ? rounded(ratioBound) : undefined,
    riseBound: rounded(riseBound),
    passes,
    candidate,
    stable,
  };
}

export type Judged = Outcome<ReleaseDecision, ReleaseMemory>;

export function judge({ release, status, observed, nowMs }: Look): Judged {
  const { alpha, beta, samplesMin, stepMs } = release.spec;
  const terms = { alpha, beta, samplesMin, stepMs, gates: gateTerms(release.spec) };
  const stepSinceMs = Date.parse(status.stepSince);
  return releaseGates.decide(
    { nowMs, terms, step: status.step, stepSinceMs, news: observed.news },
    observed.memory,
  );
}

/** What people read of it in the status. */
export function toldBy(look: Look, { decision, memory, reason }: Judged): Partial<ReleaseStatus> {
  return {
    evidence: rounded(Math.exp(Math.min(decision.logEvidence, 100))),
    samples: decision.samples,
    gates: decision.findings.map(shown),
    alike: look.observed.alike,
    memory,
    message: describeRelease({
      decision,
      reason,
      alpha: look.release.spec.alpha,
      labels: labelsOf(look),
      nouns: gateNouns,
    }),
  };
}
