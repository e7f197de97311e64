/**
 * How soon a bad version is rolled back, and how often a good one is, with the policy that runs live; beside Kayenta's
 * rules and a fixed threshold on the same requests. All simulated, from fixed seeds: no machine is measured.
 *
 *     npm run bench:canary -- [--releases 10000] [--runs 400]
 */
import { parseArgs } from 'node:util';
import { releaseGates, type Doings, type GateTerms, type Pair, type ReleaseTerms } from '#policies';
import { createChance } from './canary/chance.ts';
import { fixedThreshold, kayenta, type Judge, type Minute } from './canary/peers.ts';
import { waldErrors, waldLatency, waldTail } from './canary/wald.ts';
import { errorNews, latencyNews, look, stableNature, type Arm, type Nature } from './canary/world.ts';
import { printResult, printTable } from './harness/result.ts';

const { values: options } = parseArgs({
  options: { releases: { type: 'string', default: '10000' }, runs: { type: 'string', default: '300' } },
});
const releases = Number(options.releases);
const runs = Number(options.runs);
const alpha = 0.001;

/** Errors may use three quarters of α, as they may of a release whose gates nobody has named. */
const errors: GateTerms = {
  name: 'errors',
  measure: 'bad-events',
  weight: 3,
  tolerated: 1,
  boundRatio: 1.5,
  boundRise: 0.01,
};
const latency: GateTerms = {
  ...errors,
  name: 'latency',
  measure: 'greater',
  weight: 1,
  boundRatio: 2,
  boundRise: 0.05,
};

/** Never promoted: only the rollback is looked at. */
function termsOf(gates: readonly GateTerms[]): ReleaseTerms {
  return { alpha, beta: 0.05, samplesMin: Infinity, stepMs: 0, gates };
}
const errorsAlone = termsOf([errors]);
const latencyAlone = termsOf([latency]);
const both = termsOf([errors, latency]);

interface Plan {
  readonly terms: ReleaseTerms;
  readonly candidate: Nature;
  readonly seed: number;
  /** The candidate's share at each look; the number of looks is its length. */
  readonly shares: readonly number[];
  readonly requestsPerLook: number;
}

interface End {
  /** The look at which it was rolled back; undefined when it never was. */
  readonly at: number | undefined;
  readonly requests: number;
  readonly badEvents: number;
  readonly candidateErrors: number;
}

function newsOf(terms: ReleaseTerms, arms: Pair<Arm>): Record<string, Pair<Doings>> {
  const news: Record<string, Pair<Doings>> = {};
  for (const { name, measure } of terms.gates)
    news[name] = measure === 'bad-events' ? errorNews(arms) : latencyNews(arms);
  return news;
}

const warmUpRequests = 500;

/** The stable version serves alone while the candidate loads. */
function warmedUp({ terms, candidate }: Plan, chance: () => number) {
  const arms = look({ chance, share: 0, candidate, requests: warmUpRequests });
  const seen = { nowMs: 0, terms, step: 0, stepSinceMs: 0, news: newsOf(terms, arms) };
  return releaseGates.decide(seen, releaseGates.begin()).memory;
}

/** One release, looked at after every few requests until it is rolled back or its looks are over. */
function release(plan: Plan): End {
  const chance = createChance(plan.seed);
  let memory = warmedUp(plan, chance);
  const end = { requests: 0, badEvents: 0, candidateErrors: 0 };
  for (const [at, share] of plan.shares.entries()) {
    const arms = look({ chance, share, candidate: plan.candidate, requests: plan.requestsPerLook });
    end.requests += plan.requestsPerLook;
    end.badEvents += arms.candidate.errors + arms.stable.errors;
    end.candidateErrors += arms.candidate.errors;
    const seen = { nowMs: at, terms: plan.terms, step: 0, stepSinceMs: 0, news: newsOf(plan.terms, arms) };
    const outcome = releaseGates.decide(seen, memory);
    memory = outcome.memory;
    if (outcome.decision.verdict === 'roll-back') return { ...end, at };
  }
  return { ...end, at: undefined };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function constant(share: number, looks: number): readonly number[] {
  return Array.from({ length: looks }, () => share);
}

/** The way a canary goes by itself: a third of it at 5 %, the rest at 25 %. */
const aaShares = [...constant(0.05, 80), ...constant(0.25, 160)];

function falseRollbacks(): number {
  let rolledBack = 0;
  for (let seed = 1; seed <= releases; seed += 1) {
    const plan = { terms: both, candidate: stableNature, seed, shares: aaShares, requestsPerLook: 30 };
    if (release(plan).at !== undefined) rolledBack += 1;
  }
  return rolledBack / releases;
}

interface Delay {
  readonly what: string;
  readonly terms: ReleaseTerms;
  readonly candidate: Nature;
  readonly wald: number;
  /** Of latencies: the bound when only those beyond the stable version's 95th percentile are looked at. */
  readonly waldTail?: number;
  readonly counted: 'badEvents' | 'requests';
  readonly requestsPerLook: number;
}

const share = 0.1;

function errorDelay(ratio: number, terms: ReleaseTerms): Delay {
  return {
    what: `errors × ${ratio}${terms === both ? ', with the latency gate' : ''}`,
    terms,
    candidate: { ...stableNature, errorRate: stableNature.errorRate * ratio },
    wald: waldErrors(share, ratio, alpha),
    counted: 'badEvents',
    requestsPerLook: 20,
  };
}

function latencyDelay(ratio: number): Delay {
  return {
    what: `latency × ${ratio}`,
    terms: latencyAlone,
    candidate: { ...stableNature, medianMs: stableNature.medianMs * ratio },
    wald: waldLatency(share, ratio, alpha),
    waldTail: waldTail(share, ratio, alpha),
    counted: 'requests',
    requestsPerLook: ratio < 1.2 ? 50 : 10,
  };
}

function delayOf({ terms, candidate, wald, counted, requestsPerLook }: Delay): number {
  const looks = constant(share, 50_000);
  const ends = Array.from({ length: runs }, (_, run) =>
    release({ terms, candidate, seed: 1_000_000 + run, shares: looks, requestsPerLook }),
  );
  return mean(ends.map((end) => end[counted])) / wald;
}

const perSecond = 20;
const canaryShare = 0.05;
const minutesMax = 60;
const lookSeconds = 5;

const scenarios: readonly { readonly what: string; readonly candidate: Nature }[] = [
  { what: 'no worse', candidate: stableNature },
  { what: 'errors 1 → 1.5 %', candidate: { ...stableNature, errorRate: 0.015 } },
  { what: 'errors 1 → 3 %', candidate: { ...stableNature, errorRate: 0.03 } },
  { what: 'errors 1 → 10 %', candidate: { ...stableNature, errorRate: 0.1 } },
  { what: 'latency × 1.1', candidate: { ...stableNature, medianMs: 440 } },
  { what: 'latency × 1.5', candidate: { ...stableNature, medianMs: 600 } },
];

interface Found {
  readonly part: number;
  readonly minutes: number;
  readonly badServed: number;
}

function foundBy(ends: readonly { minutes: number | undefined; bad: number }[]): Found {
  const found = ends.flatMap(({ minutes }) => (minutes === undefined ? [] : [minutes]));
  return {
    part: found.length / ends.length,
    minutes: found.length === 0 ? Number.NaN : mean(found),
    badServed: mean(ends.map(({ bad }) => bad)),
  };
}

function ours(candidate: Nature): Found {
  const shares = constant(canaryShare, (minutesMax * 60) / lookSeconds);
  const ends = Array.from({ length: Math.ceil(runs / 2) }, (_, run) => {
    const requestsPerLook = perSecond * lookSeconds;
    const end = release({ terms: both, candidate, seed: 2_000_000 + run, shares, requestsPerLook });
    const minutes = end.at === undefined ? undefined : ((end.at + 1) * lookSeconds) / 60;
    return { minutes, bad: end.candidateErrors };
  });
  return foundBy(ends);
}

function minuteOf({ requests, errors: failed, latenciesMs }: Arm): Minute {
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  return {
    errorRate: requests === 0 ? 0 : failed / requests,
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
  };
}

/** The rule with a baseline as great as the canary, as Kayenta advises: half of their requests go to each. */
function peer(judge: Judge, candidate: Nature): Found {
  const ends = Array.from({ length: Math.ceil(runs / 2) }, (_, run) => {
    const chance = createChance(2_000_000 + run);
    const minutes: Pair<Minute[]> = { candidate: [], stable: [] };
    let bad = 0;
    for (let minute = 1; minute <= minutesMax; minute += 1) {
      const requests = perSecond * canaryShare * 2 * 60;
      const arms = look({ chance, share: 0.5, candidate, requests, keepLatencies: true });
      minutes.candidate.push(minuteOf(arms.candidate));
      minutes.stable.push(minuteOf(arms.stable));
      bad += arms.candidate.errors;
      if (judge(minutes.candidate, minutes.stable)) return { minutes: minute, bad };
    }
    return { minutes: undefined, bad };
  });
  return foundBy(ends);
}

function cells({ part, minutes, badServed }: Found): readonly string[] {
  const when = Number.isNaN(minutes) ? '–' : minutes.toFixed(1);
  return [`${(part * 100).toFixed(1)} %`, when, badServed.toFixed(1)];
}

const delays = {
  e15: errorDelay(1.5, errorsAlone),
  e3: errorDelay(3, errorsAlone),
  e10: errorDelay(10, errorsAlone),
  all15: errorDelay(1.5, both),
  all3: errorDelay(3, both),
  all10: errorDelay(10, both),
  l11: latencyDelay(1.1),
  l15: latencyDelay(1.5),
};
const measured = Object.fromEntries(Object.entries(delays).map(([name, delay]) => [name, delayOf(delay)]));
/** What was measured, over the bound of those who look at the slowest twentieth alone. */
const toTail: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(delays).flatMap(([name, { wald, waldTail: ofTail }]) =>
    ofTail === undefined ? [] : [[name, ((measured[name] ?? Number.NaN) * wald) / ofTail]],
  ),
);
console.log(`Delay until rollback over Wald's bound, α ${alpha}, a share of ${share}, ${runs} runs each:`);
printTable([
  ['', 'delay / Wald', 'bound', 'counted in', '/ Wald of those beyond p95'],
  ...Object.entries(delays).map(([name, { what, wald, counted }]) => [
    what,
    (measured[name] ?? Number.NaN).toFixed(2),
    wald.toFixed(0),
    counted === 'badEvents' ? 'bad events' : 'requests',
    toTail[name] === undefined ? '' : toTail[name].toFixed(2),
  ]),
]);

console.log(`\n${perSecond} requests/s, ${canaryShare} to the candidate, at most ${minutesMax} minutes:`);
const threshold = fixedThreshold({ errorRate: 0.05, p95Ms: 1.3 * 400 * Math.exp(1.645 * 0.5) });
const rows = scenarios.map(({ what, candidate }) => ({
  what,
  ours: ours(candidate),
  kayenta: peer(kayenta, candidate),
  threshold: peer(threshold, candidate),
}));
printTable([
  [
    '',
    'ours: found',
    'minutes',
    'errors',
    'Kayenta: found',
    'minutes',
    'errors',
    'fixed: found',
    'minutes',
    'errors',
  ],
  ...rows.map((row) => [row.what, ...cells(row.ours), ...cells(row.kayenta), ...cells(row.threshold)]),
]);
const worst = rows.find(({ what }) => what === 'errors 1 → 10 %');
const harmless = rows.find(({ what }) => what === 'no worse');

const falsely = falseRollbacks();
console.log(
  `\n${releases} harmless releases, looked at 240 times each: ${(falsely * 100).toFixed(3)} % rolled back.`,
);
printResult({
  false_rollback: falsely,
  delay_to_wald_1_5x: measured['e15'],
  delay_to_wald_3x: measured['e3'],
  delay_to_wald_10x: measured['e10'],
  release_delay_to_wald_3x: measured['all3'],
  release_delay_to_wald_10x: measured['all10'],
  latency_delay_to_wald_1_1x: measured['l11'],
  latency_delay_to_wald_1_5x: measured['l15'],
  latency_delay_to_tail_wald_1_1x: toTail['l11'],
  latency_delay_to_tail_wald_1_5x: toTail['l15'],
  bad_requests_before_rollback: worst?.ours.badServed,
  kayenta_bad_requests_before_rollback: worst?.kayenta.badServed,
  threshold_bad_requests_before_rollback: worst?.threshold.badServed,
  kayenta_false_rollback: harmless?.kayenta.part,
  threshold_false_rollback: harmless?.threshold.part,
});
