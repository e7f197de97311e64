import type { Reason } from '../policy.ts';
import { bucketMiddle } from './buckets.ts';
import type { Finding } from './gate.ts';
import type { Pair } from './pair.ts';
import type { ReleaseDecision } from './release-gates.ts';
import type { Seen } from './rate-bounds.ts';

interface Story {
  readonly decision: ReleaseDecision;
  readonly reason: Reason;
  readonly alpha: number;
  /** What people call the two versions. */
  readonly labels: Pair<string>;
  /** What each gate counts, in words: "errors", "time to the first token". */
  readonly nouns: Readonly<Record<string, string>>;
}

function percent(part: number): string {
  const value = part * 100;
  return `${value === 0 || value >= 10 ? value.toFixed(0) : value.toPrecision(2)} %`;
}

function share({ bad, requests }: Seen): string {
  if (requests === 0) return 'nothing';
  return `${percent(bad / requests)} (${bad} of ${requests})`;
}

/** "1,200 : 1": how much likelier what was seen is if the candidate does harm. */
function odds(logEvidence: number): string {
  const value = Math.exp(Math.min(logEvidence, 27));
  return `${Math.round(value).toLocaleString('en-US')} : 1`;
}

/** About the values of a bucket: "1.7", "980". */
function valueIn(bucket: number): string {
  return Number(bucketMiddle(bucket).toPrecision(2)).toLocaleString('en-US');
}

function compared(finding: Finding, labels: Pair<string>, noun: string): string {
  const { candidate, stable, medians, measure } = finding;
  if (measure === 'bad-events')
    return `${noun}: ${share(candidate)} with ${labels.candidate}, ${share(stable)} with ${labels.stable}`;
  const beyond = measure === 'greater' ? 'above nine tenths' : 'outside the usual nine tenths';
  const middles =
    medians.candidate === undefined || medians.stable === undefined
      ? ''
      : `; half are below ${valueIn(medians.candidate)} with ${labels.candidate}, ` +
        `${valueIn(medians.stable)} with ${labels.stable}`;
  return `${noun}: ${share(candidate)} of ${labels.candidate} are ${beyond} of those of ${labels.stable}${middles}`;
}

function worstOf({ decision, labels, nouns }: Story): string {
  const [worst] = decision.findings.toSorted((left, right) => right.logEvidence - left.logEvidence);
  return worst === undefined ? 'nothing' : compared(worst, labels, nouns[worst.name] ?? worst.name);
}

function times(ratio: number): string {
  return Number.isFinite(ratio) ? `at most ${ratio.toPrecision(2)} times as bad` : 'not bounded yet';
}

function bounds({ decision, nouns }: Story): string {
  return decision.findings
    .map(({ name, ratioBound, riseBound }) => {
      const word = nouns[name] ?? name;
      return `${word} ${times(ratioBound)} (+${percent(Math.max(0, riseBound))} at most)`;
    })
    .join(', ');
}

function holding(story: Story): string {
  const { code, facts = {} } = story.reason;
  if (code === 'too-few-samples')
    return `Holds: ${facts['samples']} of the ${facts['samplesMin']} requests that a step needs.`;
  if (code === 'too-early')
    return `Holds: the step has lasted ${Math.floor(Number(facts['elapsedMs']) / 1000)} of ${Math.ceil(Number(facts['stepMs']) / 1000)} s.`;
  if (code === 'no-gates') return 'Holds: there is no gate that could be passed.';
  const gate = String(facts['gate']);
  return `Holds: ${story.nouns[gate] ?? gate} could still be worse than allowed; known so far: ${bounds(story)}.`;
}

/** The verdict as a sentence with its numbers. */
export function describeRelease(story: Story): string {
  const { decision, alpha } = story;
  if (decision.verdict === 'hold') return holding(story);
  if (decision.verdict === 'pass')
    return `Passes after ${decision.samples} requests of ${story.labels.candidate}: ${bounds(story)}.`;
  return (
    `Rolled back: ${worstOf(story)}. The evidence for harm is ${odds(decision.logEvidence)}; ` +
    `a harmless version reaches ${odds(Math.log(1 / alpha))} with a chance of at most ${percent(alpha)}.`
  );
}
