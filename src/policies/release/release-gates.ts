import type { Outcome, Policy, Reason } from '../policy.ts';
import {
  beginGate,
  findingOf,
  learnGate,
  type Doings,
  type Finding,
  type GateMemory,
  type GateTask,
  type GateTerms,
} from './gate.ts';
import { logSum, normalised } from './log-sum.ts';
import type { Pair } from './pair.ts';

export interface ReleaseTerms {
  /** The chance that a release that does no harm is ever rolled back, over all its gates, looks and steps: at most this. */
  readonly alpha: number;
  /** The chance that a promoted release does more harm than its bounds allow: at most this. */
  readonly beta: number;
  /** Requests the candidate must have answered in a step, and how long the step must last. */
  readonly samplesMin: number;
  readonly stepMs: number;
  readonly gates: readonly GateTerms[];
}

export interface ReleaseLook {
  readonly nowMs: number;
  readonly terms: ReleaseTerms;
  /** Which step of the release this is, and since when. */
  readonly step: number;
  readonly stepSinceMs: number;
  /** What has happened since the last look, by gate; absent where nothing was heard. */
  readonly news: Readonly<Record<string, Pair<Doings>>>;
}

/** Plain data: kept with the release, so that a restarted control plane goes on from it. */
export interface ReleaseMemory {
  readonly form: number;
  readonly gates: Readonly<Record<string, GateMemory>>;
  readonly step: number;
  /** Requests of the candidate in this step: of the gate that has heard least. */
  readonly samples: Readonly<Record<string, number>>;
}

export interface ReleaseDecision {
  /** `hold`: not enough is known for either. */
  readonly verdict: 'hold' | 'pass' | 'roll-back';
  /** ln of the evidence for harm, all gates together; a release is rolled back at ln(1/α). */
  readonly logEvidence: number;
  readonly findings: readonly Finding[];
  /** The fewest requests of the candidate in this step that a gate has heard of. */
  readonly samples: number;
}

/** Plain data changes its form now and then: what was remembered in another form is not gone on from. */
export const releaseMemoryForm = 3;

/** Each gate with the evidence at which it rolls the release back by itself. */
function tasksOf({ gates, alpha }: ReleaseTerms): readonly GateTask[] {
  const weights = normalised(gates.map((gate) => gate.weight));
  return gates.map((gate, at) => ({ ...gate, logCap: -Math.log(alpha * (weights[at] ?? 1)) }));
}

function learn({ terms, news, step }: ReleaseLook, memory: ReleaseMemory): ReleaseMemory {
  const gates: Record<string, GateMemory> = {};
  const samples: Record<string, number> = {};
  for (const task of tasksOf(terms)) {
    const { name } = task;
    const before = memory.gates[name] ?? beginGate(task);
    const heard = news[name];
    gates[name] = heard === undefined ? before : learnGate(task, before, heard);
    const sofar = step === memory.step ? (memory.samples[name] ?? 0) : 0;
    samples[name] = sofar + (heard?.candidate.requests ?? 0);
  }
  return { form: releaseMemoryForm, gates, step, samples };
}

function worst(findings: readonly Finding[]): Finding | undefined {
  return findings.toSorted((left, right) => right.logEvidence - left.logEvidence)[0];
}

interface Known {
  readonly look: ReleaseLook;
  readonly findings: readonly Finding[];
  readonly logEvidence: number;
  readonly samples: number;
}

/** What the release waits for; undefined when every gate is passed. Without data nothing is ever passed. */
function waitsFor({ look, findings, samples }: Known): Reason | undefined {
  const { terms, nowMs, stepSinceMs } = look;
  if (findings.length === 0) return { code: 'no-gates' };
  if (samples < terms.samplesMin)
    return { code: 'too-few-samples', facts: { samples, samplesMin: terms.samplesMin } };
  const elapsedMs = nowMs - stepSinceMs;
  if (elapsedMs < terms.stepMs) return { code: 'too-early', facts: { elapsedMs, stepMs: terms.stepMs } };
  const open = findings.find((finding) => !finding.passes);
  if (open === undefined) return undefined;
  const { name: gate, ratioBound, riseBound } = open;
  return { code: 'bound-too-wide', facts: { gate, ratioBound, riseBound } };
}

/** Evidence that was stopped exactly where a rollback needs it may lie below by the last digits. */
const rounding = 1e-9;

function decide(known: Known): { readonly verdict: ReleaseDecision['verdict']; readonly reason: Reason } {
  const { look, findings, logEvidence } = known;
  if (logEvidence >= Math.log(1 / look.terms.alpha) - rounding) {
    const gate = worst(findings)?.name ?? '';
    return { verdict: 'roll-back', reason: { code: 'harm-found', facts: { gate, logEvidence } } };
  }
  const missing = waitsFor(known);
  if (missing !== undefined) return { verdict: 'hold', reason: missing };
  return { verdict: 'pass', reason: { code: 'harm-bounded', facts: { logEvidence } } };
}

/**
 * Judges a candidate beside the stable version, from what both do in the same time. May be asked at any moment and as
 * often as one likes: each gate keeps evidence for harm that a harmless candidate lets grow beyond 1/α with a chance of
 * at most α, and so does their weighted mean, which alone decides. It lasts for the whole release, through all steps.
 */
export const releaseGates: Policy<ReleaseLook, ReleaseMemory, ReleaseDecision> = {
  name: 'release-gates',
  begin: () => ({ form: releaseMemoryForm, gates: {}, step: 0, samples: {} }),
  decide(look, before): Outcome<ReleaseDecision, ReleaseMemory> {
    const memory = learn(look, before);
    const { gates, beta } = look.terms;
    const findings = gates.map((gate) => findingOf(gate, memory.gates[gate.name] ?? beginGate(gate), beta));
    const logEvidence = logSum(
      findings.map((finding) => finding.logEvidence),
      normalised(gates.map((gate) => gate.weight)),
    );
    const heard = Object.values(memory.samples);
    const samples = heard.length === 0 ? 0 : Math.min(...heard);
    const { verdict, reason } = decide({ look, findings, logEvidence, samples });
    return { decision: { verdict, logEvidence, findings, samples }, memory, reason };
  },
};
