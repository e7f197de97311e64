import { byGate, countedGates, valueGates, type CountedGate, type ValueGate } from '#schema';
import { bucketCount, bucketOf, repeatedPart } from '#policies';
import type { Alike, Evidence, VersionDoings } from '#contracts';
import type { AnswerRead } from './witness/read-answer.ts';

/** What the requests of one version of a deployment came to; only counted while versions are compared. */
export interface Counters extends VersionDoings {
  readonly counts: Record<CountedGate, { requests: number; bad: number }>;
  readonly values: Record<ValueGate, number[]>;
  readonly alike: { -readonly [Name in keyof Alike]: number };
}

/** One request that a replica has worked on. Durations from its sending. */
export interface Doing {
  readonly status: number;
  /** Answered to its end. */
  readonly isWhole: boolean;
  readonly firstByteMs: number | undefined;
  /** Undefined where the client, and not the replica, took the time. */
  readonly totalMs: number | undefined;
  readonly answerBytes: number;
  /** Tokens of a stream; undefined of other answers, and where nobody knows. */
  readonly tokens: number | undefined;
  /** In millionths of a currency, or of a second of one place. */
  readonly cost: number;
}

function createCounters(): Counters {
  return {
    counts: byGate(countedGates, () => ({ requests: 0, bad: 0 })),
    values: byGate(valueGates, () => Array.from({ length: bucketCount }, () => 0)),
    alike: { copied: 0, fixed: 0, equal: 0 },
  };
}

/** One more request for a gate that counts. */
export function countBad({ counts }: Pick<Counters, 'counts'>, name: CountedGate, isBad: boolean): void {
  counts[name].requests += 1;
  if (isBad) counts[name].bad += 1;
}

/** One more value; greater is worse. */
function countValue({ values }: Pick<Counters, 'values'>, name: ValueGate, value: number): void {
  const bucket = bucketOf(value);
  values[name][bucket] = (values[name][bucket] ?? 0) + 1;
}

const clientLeft = 499;
const microseconds = 1000;

function countTimes(counters: Counters, { firstByteMs, totalMs, tokens = 0 }: Doing): void {
  if (firstByteMs !== undefined) countValue(counters, 'firstToken', firstByteMs);
  if (totalMs === undefined) return;
  countValue(counters, 'total', totalMs);
  if (firstByteMs === undefined || tokens < 2) return;
  countValue(counters, 'tpot', ((totalMs - firstByteMs) / (tokens - 1)) * microseconds);
}

/** Takes a request in. One whose client went away says nothing of the version. */
export function countDoing(counters: Counters, doing: Doing): void {
  const { status, isWhole, answerBytes, cost } = doing;
  if (status === clientLeft) return;
  const isRefused = status >= 400 && status < clientLeft;
  const isError = !isRefused && (status >= 500 || !isWhole);
  countBad(counters, 'refusals', isRefused);
  countBad(counters, 'errors', isError);
  if (isRefused || isError) return;
  countValue(counters, 'answerBytes', answerBytes);
  countValue(counters, 'cost', cost);
  countTimes(counters, doing);
}

/** So that the smallest differences that matter are several buckets apart. */
const thousandths = 1000;
const hundredths = 100;

/** Takes in what an answer says. */
export function countAnswer(counters: Counters, read: AnswerRead): void {
  const { text, isEmpty, meanLogProbability } = read;
  countBad(counters, 'empty', isEmpty);
  countValue(counters, 'repetition', 1 + thousandths * repeatedPart(text));
  if (meanLogProbability === undefined) return;
  // 100 of a model that was certain of every token, 200 of one that gave them even chances.
  countValue(counters, 'confidence', hundredths * Math.exp(-meanLogProbability));
}

/** Takes in what a user's own judge thinks of an answer: 1 is the best. */
export function countScore(counters: Counters, score: number): void {
  countValue(counters, 'scorer', 1 + thousandths * (1 - score));
}

/** The counters of all versions that are being compared. */
export interface EvidenceBook extends Evidence {
  of(deployment: string, template: string): Counters;
  /** Everything that is counted. */
  subjects(): readonly { readonly deployment: string; readonly template: string }[];
  /** Those that are there already. */
  find(deployment: string, template: string): Counters | undefined;
  /** Nothing of this deployment is compared any more. */
  forget(deployment: string): void;
}

/** What was read must not change with what comes next. */
function copyOf({ counts, values, alike }: Counters): VersionDoings {
  return {
    counts: byGate(countedGates, (name) => ({ ...counts[name] })),
    values: byGate(valueGates, (name) => [...values[name]]),
    alike: { ...alike },
  };
}

export function createEvidenceBook(): EvidenceBook {
  const book = new Map<string, Map<string, Counters>>();
  const find = (deployment: string, template: string): Counters | undefined =>
    book.get(deployment)?.get(template);
  return {
    find,
    of(deployment, template) {
      const versions = book.get(deployment) ?? new Map<string, Counters>();
      book.set(deployment, versions);
      const counters = versions.get(template) ?? createCounters();
      versions.set(template, counters);
      return counters;
    },
    subjects: () =>
      [...book].flatMap(([deployment, versions]) =>
        [...versions.keys()].map((template) => ({ deployment, template })),
      ),
    forget: (deployment) => void book.delete(deployment),
    read(deployment, template) {
      const counters = find(deployment, template);
      return counters && copyOf(counters);
    },
  };
}
