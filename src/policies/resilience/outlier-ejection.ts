import type { Policy, Reason } from '../policy.ts';

/** What is remembered of a replica's answers. Changed in place. */
export interface Answers {
  /** Good and bad ones; what is older counts less. */
  good: number;
  bad: number;
  /** Bad ones in a row. */
  inARow: number;
  /** When the counts were last made older. */
  agedAtMs: number;
  /** Not sent to before. */
  ejectedUntilMs: number;
  ejections: number;
}

export interface EjectionInput {
  readonly nowMs: number;
  /** All replicas of the deployment, and which of them has just failed. */
  readonly replicas: readonly { readonly answers: Answers }[];
  readonly at: number;
  readonly failuresInARow: number;
  /** Of the first ejection; each further one lasts so much longer. */
  readonly baseMs: number;
}

const halfLifeMs = 10_000;
const ejectionMsMax = 300_000;
/** A share of bad answers is judged from so many answers on. */
const answersMin = 10;
/** Standard errors by which its share of bad answers exceeds its peers': one in some 30,000 by chance. */
const deviationsMin = 4;

const alone: Reason = { code: 'has-no-peers' };
const enough: Reason = { code: 'a-third-is-ejected' };
const usual: Reason = { code: 'no-worse-than-its-peers' };

export function createAnswers(): Answers {
  return { good: 0, bad: 0, inARow: 0, agedAtMs: 0, ejectedUntilMs: 0, ejections: 0 };
}

function age(answers: Answers, nowMs: number): void {
  const passedMs = nowMs - answers.agedAtMs;
  if (passedMs < halfLifeMs / 10) return;
  const factor = 0.5 ** (passedMs / halfLifeMs);
  answers.good *= factor;
  answers.bad *= factor;
  answers.agedAtMs = nowMs;
}

/** Takes an answer in. A caller's own mistake (4xx) is a good answer. */
export function hearAnswer(answers: Answers, isGood: boolean, nowMs: number): void {
  age(answers, nowMs);
  if (isGood) {
    answers.good += 1;
    answers.inARow = 0;
  } else {
    answers.bad += 1;
    answers.inARow += 1;
  }
}

interface Share {
  readonly bad: number;
  readonly all: number;
}

/** By how many standard errors one share of bad answers exceeds another (a two-proportion test). */
function deviations(own: Share, others: Share): number {
  if (own.all < answersMin || others.all < answersMin) return 0;
  const pooled = (own.bad + others.bad) / (own.all + others.all);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / own.all + 1 / others.all));
  return error === 0 ? 0 : (own.bad / own.all - others.bad / others.all) / error;
}

function shareOfPeers({ replicas, nowMs }: EjectionInput, but: Answers): Share {
  let bad = 0;
  let all = 0;
  for (const { answers } of replicas) {
    if (answers === but) continue;
    age(answers, nowMs);
    bad += answers.bad;
    all += answers.good + answers.bad;
  }
  return { bad, all };
}

/** A third, but one where there are only two. */
function ejectedMax(replicas: number): number {
  return Math.max(1, Math.floor(replicas / 3));
}

function reasonToEject(input: EjectionInput, answers: Answers): Reason | undefined {
  if (answers.inARow >= input.failuresInARow)
    return { code: 'failed-in-a-row', facts: { failures: answers.inARow } };
  const own = { bad: answers.bad, all: answers.good + answers.bad };
  const off = deviations(own, shareOfPeers(input, answers));
  if (off < deviationsMin) return undefined;
  return { code: 'worse-than-its-peers', facts: { deviations: Math.round(off * 10) / 10 } };
}

function ejectedNow({ replicas, nowMs }: EjectionInput): number {
  let count = 0;
  for (const { answers } of replicas) if (answers.ejectedUntilMs > nowMs) count += 1;
  return count;
}

/**
 * Whether the replica that has just failed is passed over for a while: because it failed several times in a row, or
 * clearly more often than the others together. The decision is the time before which it is not sent to; 0 leaves it.
 * Never the last, and never more than a third of them: where most fail, the cause is elsewhere, and fewer replicas
 * would only make it worse. Each ejection lasts longer than the one before.
 */
export const outlierEjection: Policy<EjectionInput, undefined, number> = {
  name: 'outlier-ejection',
  begin: () => undefined,
  decide(input, memory) {
    const { replicas, at, nowMs, baseMs } = input;
    const answers = replicas[at]?.answers;
    if (answers === undefined || replicas.length < 2) return { decision: 0, memory, reason: alone };
    if (answers.ejectedUntilMs > nowMs)
      return { decision: answers.ejectedUntilMs, memory, reason: { code: 'is-ejected' } };
    const reason = reasonToEject(input, answers);
    if (reason === undefined) return { decision: 0, memory, reason: usual };
    if (ejectedNow(input) >= ejectedMax(replicas.length)) return { decision: 0, memory, reason: enough };
    answers.ejections += 1;
    answers.inARow = 0;
    answers.ejectedUntilMs = nowMs + Math.min(ejectionMsMax, baseMs * answers.ejections);
    return { decision: answers.ejectedUntilMs, memory, reason };
  },
};
