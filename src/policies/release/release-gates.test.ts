import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketCount, bucketOf } from './buckets.ts';
import { describeRelease } from './describe-release.ts';
import type { Doings, GateTerms } from './gate.ts';
import type { Pair } from './pair.ts';
import { releaseGates, type ReleaseDecision, type ReleaseTerms } from './release-gates.ts';

const errors: GateTerms = {
  name: 'errors',
  measure: 'bad-events',
  weight: 1,
  tolerated: 1,
  boundRatio: 1.5,
  boundRise: 0.02,
};
const terms: ReleaseTerms = { alpha: 0.001, beta: 0.05, samplesMin: 100, stepMs: 60_000, gates: [errors] };

function did(requests: number, bad: number): Doings {
  return { requests, bad, buckets: [] };
}

function took(count: number, ms: number): Doings {
  const buckets = Array.from({ length: bucketCount }, () => 0);
  buckets[bucketOf(ms)] = count;
  return { requests: count, bad: 0, buckets };
}

/** A generator of chance that is the same on every machine. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function told(news: readonly Pair<Doings>[], given = terms) {
  let memory = releaseGates.begin();
  let outcome = releaseGates.decide({ nowMs: 0, terms: given, step: 0, stepSinceMs: 0, news: {} }, memory);
  for (const [second, errorNews] of news.entries()) {
    memory = outcome.memory;
    const look = { nowMs: second * 1000, terms: given, step: 0, stepSinceMs: 0, news: { errors: errorNews } };
    outcome = releaseGates.decide(look, memory);
    if (outcome.decision.verdict !== 'hold') break;
  }
  return outcome;
}
const times = (count: number, one: Pair<Doings>) => Array.from({ length: count }, () => one);
const sentence = (outcome: ReturnType<typeof told>) =>
  describeRelease({
    decision: outcome.decision,
    reason: outcome.reason,
    alpha: terms.alpha,
    labels: { candidate: 'demo@2', stable: 'demo@1' },
    nouns: { errors: 'errors' },
  });

describe('release gates', () => {
  it('rolls a version back that fails more often, and says so with numbers', () => {
    const outcome = told(times(100, { candidate: did(5, 2), stable: did(95, 1) }));
    expect(outcome.decision.verdict).toBe('roll-back');
    expect(sentence(outcome)).toMatch(
      /^Rolled back: errors: 40 % \(\d+ of \d+\) with demo@2, 1.1 % \(\d+ of \d+\) with demo@1\. The evidence for harm is [\d,]+ : 1; a harmless version reaches 1,000 : 1 with a chance of at most 0.10 %\.$/,
    );
  });

  it('says of values where they lie', () => {
    const total: GateTerms = { ...errors, name: 'total', measure: 'greater' };
    const given = { ...terms, gates: [total] };
    const look = (news: Pair<Doings>) => ({
      nowMs: 0,
      terms: given,
      step: 0,
      stepSinceMs: 0,
      news: { total: news },
    });
    let outcome = releaseGates.decide(
      look({ candidate: took(0, 0), stable: took(60, 400) }),
      releaseGates.begin(),
    );
    for (let at = 0; at < 9 && outcome.decision.verdict === 'hold'; at += 1)
      outcome = releaseGates.decide(
        look({ candidate: took(10, 1600), stable: took(40, 400) }),
        outcome.memory,
      );
    const said = describeRelease({
      decision: outcome.decision,
      reason: outcome.reason,
      alpha: terms.alpha,
      labels: { candidate: 'demo@2', stable: 'demo@1' },
      nouns: { total: 'milliseconds' },
    });
    expect(said).toMatch(
      /^Rolled back: milliseconds: 100 % \(\d+ of \d+\) of demo@2 are above nine tenths of those of demo@1; half are below 1,600 with demo@2, 410 with demo@1\./,
    );
  });

  it('passes a version that is as good, after enough requests and time', () => {
    const good = { candidate: did(20, 0), stable: did(80, 0) };
    expect(told(times(61, good)).decision.verdict).toBe('pass');
    expect(sentence(told(times(61, good)))).toMatch(/^Passes after 1220 requests of demo@2: errors/);
    expect(told(times(60, good)).reason.code).toBe('too-early');
    expect(told(times(4, good)).reason.code).toBe('too-few-samples');
  });

  it('never promotes without data, however long it waits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.nat(300), (nowMs, stable) => {
        const news = { errors: { candidate: did(0, 0), stable: did(stable, 0) } };
        const silent = { nowMs, terms: { ...terms, samplesMin: 0 }, step: 0, stepSinceMs: 0, news };
        expect(releaseGates.decide(silent, releaseGates.begin()).decision.verdict).toBe('hold');
        const gateless = { ...silent, terms: { ...terms, gates: [] } };
        expect(releaseGates.decide(gateless, releaseGates.begin()).decision.verdict).toBe('hold');
        const deaf = { ...silent, news: {} };
        expect(releaseGates.decide(deaf, releaseGates.begin()).decision.verdict).toBe('hold');
      }),
    );
  });

  it('does not promote while one of several gates has heard nothing', () => {
    const two = { ...terms, gates: [errors, { ...errors, name: 'empty' }] };
    expect(told(times(1000, { candidate: did(20, 0), stable: did(80, 0) }), two).decision.verdict).toBe(
      'hold',
    );
  });

  it('counts samples and time of each step anew, and keeps the evidence', () => {
    const good = { errors: { candidate: did(2000, 0), stable: did(8000, 0) } };
    const first = releaseGates.decide(
      { nowMs: 60_000, terms, step: 0, stepSinceMs: 0, news: good },
      releaseGates.begin(),
    );
    expect(first.decision.verdict).toBe('pass');
    const second = { nowMs: 60_000, terms, step: 1, stepSinceMs: 60_000, news: {} };
    const held = releaseGates.decide(second, first.memory);
    expect(held.decision.samples).toBe(0);
    expect(held.decision.findings).toEqual(first.decision.findings);
  });

  it('goes on from memory that was written as JSON', () => {
    const one = told(times(7, { candidate: did(7, 1), stable: did(40, 1) }));
    const look = { nowMs: 9, terms, step: 0, stepSinceMs: 0, news: {} };
    const copy: typeof one.memory = JSON.parse(JSON.stringify(one.memory));
    expect(releaseGates.decide(look, copy)).toEqual(releaseGates.decide(look, one.memory));
  });

  it('rolls harmless releases back in at most about one of a hundred at α = 1 %, looking every time', () => {
    const chance = chances(7);
    const given = { ...terms, alpha: 0.01, samplesMin: 1e9 };
    const draw = (requests: number) => {
      let bad = 0;
      for (let one = 0; one < requests; one += 1) if (chance() < 0.05) bad += 1;
      return did(requests, bad);
    };
    const verdicts: ReleaseDecision['verdict'][] = Array.from({ length: 300 }, () => {
      const news = Array.from({ length: 100 }, () => ({ candidate: draw(5), stable: draw(15) }));
      return told(news, given).decision.verdict;
    });
    expect(verdicts.filter((verdict) => verdict === 'roll-back').length).toBeLessThanOrEqual(6);
  });
});
