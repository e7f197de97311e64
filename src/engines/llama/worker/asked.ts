import { randomBytes } from 'node:crypto';
import type { Token } from 'node-llama-cpp';
import { problem, ProblemError, type FinishReason, type ChatTokenLogprob, type TokenUsage } from '#schema';
import type { LogprobsWanted } from './generate.ts';
import type { Draw } from './sampling.ts';

/** What both kinds of completion come down to. Answer `i` belongs to prompt `floor(i / n)`. */
export interface Asked {
  readonly prompts: readonly Token[][];
  readonly n: number;
  /** For each prompt. */
  readonly tokensMax: readonly number[];
  readonly stops: readonly string[];
  readonly drawOf: (index: number) => Draw;
  readonly logprobs: LogprobsWanted | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Token ids go along. */
  readonly withIds: boolean;
  readonly form: Form;
}

/** One answer once it is complete. */
export interface Written {
  readonly index: number;
  readonly text: string;
  readonly reason: FinishReason;
  readonly stoppedBy?: string | undefined;
  readonly tokens: readonly Token[];
  readonly logprobs: readonly ChatTokenLogprob[] | undefined;
  readonly cachedTokens: number;
}

/** A piece of a streamed answer: text, and the tokens it is made of. */
export interface Piece {
  readonly index: number;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly logprobs: readonly ChatTokenLogprob[] | undefined;
  readonly reason: FinishReason | null;
  readonly stoppedBy?: string | undefined;
}

/** Why an answer ended; `stop_reason`, the stop string, is an extension that vLLM has too. */
export function endOf({ reason, stoppedBy }: Pick<Piece, 'reason' | 'stoppedBy'>): object {
  return { finish_reason: reason, ...(stoppedBy !== undefined && { stop_reason: stoppedBy }) };
}

/** How an answer is written down in one of the two shapes. Everything is JSON text or goes into it. */
export interface Form {
  readonly whole: (answers: readonly Written[], usage: TokenUsage) => unknown;
  /** The first chunk of answer `index`, where the shape has one. */
  readonly opening: (index: number) => string | undefined;
  /** For every token: no more work than it must be. */
  readonly plain: (index: number, text: string) => string;
  readonly chunk: (piece: Piece) => string;
  readonly usage: (usage: TokenUsage) => string;
}

/** Fields at the beginning of every answer and chunk. */
export interface Head {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}

export function createHead(prefix: string, head: Omit<Head, 'id' | 'created'>): Head {
  const created = Math.floor(Date.now() / 1000);
  return { id: `${prefix}-${randomBytes(12).toString('hex')}`, created, ...head };
}

/** How many tokens an answer may have, or a refusal with the numbers when prompt and answer do not fit. */
export function tokensMaxFor(
  promptTokens: number,
  wanted: number | undefined,
  contextTokens: number,
): number {
  if (promptTokens + (wanted ?? 1) <= contextTokens) return wanted ?? contextTokens - promptTokens;
  const answer = wanted === undefined ? '' : ` and ${wanted} tokens for the answer`;
  const message = `The context has ${contextTokens} tokens, but the prompt has ${promptTokens}${answer}. Shorten them.`;
  throw new ProblemError(problem('context_length_exceeded', message));
}

export function stopsOf(stop: string | readonly string[] | null | undefined): readonly string[] {
  if (stop === undefined || stop === null) return [];
  return typeof stop === 'string' ? [stop] : stop;
}
