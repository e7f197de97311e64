import type { Deployment, Release, ScorerSpec } from '#schema';
import type { ScoreOrder, Scorer } from '#contracts';
import type { Ask } from '../ask.ts';
import { countAnswer, countDoing, countScore, type Counters } from '../evidence.ts';
import type { Usage } from '../usage.ts';
import { wholeOf, type Kept } from './kept.ts';
import { costOf, priceOf, type Price } from './price.ts';
import { readAnswer, type AnswerRead } from './read-answer.ts';

/** What is noted of the requests of one version while it is compared with another. */
export interface Witness {
  readonly counters: Counters;
  /** Whether answers are kept as they pass and read at their end: no gate but some needs that. */
  readonly reads: boolean;
  readonly scorer: ScorerSpec | undefined;
  readonly price: Price | undefined;
}

const readingGates: ReadonlySet<string> = new Set(['empty', 'repetition', 'confidence', 'tpot', 'scorer']);

export function createWitness(
  { spec }: Release,
  deployment: Pick<Deployment, 'spec'>,
  counters: Counters,
): Witness {
  const names = spec.gates.map(({ name }) => name);
  return {
    counters,
    reads: spec.strategy === 'shadow' || names.some((name) => readingGates.has(name)),
    scorer: names.includes('scorer') ? spec.scorer : undefined,
    price: priceOf(deployment),
  };
}

/** One request that has ended at a replica. Durations from its sending. */
export interface Testimony {
  readonly ask: Ask;
  readonly deployment: string;
  readonly status: number;
  readonly isWhole: boolean;
  readonly firstByteMs: number | undefined;
  readonly tookMs: number;
  /** The client let its answer wait at some time. */
  readonly paused: boolean;
  readonly answerBytes: number;
  readonly usage: Usage;
  readonly kept: Kept | undefined;
}

function readOf({ kept, ask, status, isWhole }: Testimony): AnswerRead | undefined {
  if (kept === undefined || !isWhole || status >= 400) return undefined;
  const whole = wholeOf(kept);
  return whole && readAnswer(whole, ask.endpoint);
}

function count({ counters, price }: Witness, told: Testimony, read: AnswerRead | undefined): void {
  const { ask, status, isWhole, firstByteMs, tookMs, paused, answerBytes, usage } = told;
  const tokens = usage.completionTokens > 0 ? usage.completionTokens : read?.pieces;
  countDoing(counters, {
    status,
    isWhole,
    firstByteMs,
    totalMs: paused ? undefined : tookMs,
    answerBytes,
    tokens: ask.stream ? tokens : undefined,
    cost: costOf(price, usage, tookMs),
  });
}

function orderOf(spec: ScorerSpec, { ask, deployment }: Testimony, { text }: AnswerRead): ScoreOrder {
  const { requestId, tenant, endpoint, stream } = ask;
  return {
    spec,
    facts: { requestId, tenant, deployment, endpoint, stream },
    request: ask.body,
    text,
  };
}

/** Notes what became of a request, and what its answer says; gives that back. */
export function testify(
  witness: Witness,
  told: Testimony,
  scorer: Scorer | undefined,
): AnswerRead | undefined {
  const read = readOf(told);
  count(witness, told, read);
  if (read === undefined) return undefined;
  countAnswer(witness.counters, read);
  if (witness.scorer !== undefined)
    scorer?.score(orderOf(witness.scorer, told, read), (made) => {
      if (made.ok) countScore(witness.counters, made.value);
    });
  return read;
}
