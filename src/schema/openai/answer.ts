/** Counts of one request, in OpenAI's shape. */
export interface TokenUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
}

export type FinishReason = 'stop' | 'length';

/** One of the likeliest tokens in a place, or the one that was taken. Log probability is natural. */
export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  /** UTF-8; a character may be spread over several tokens. */
  readonly bytes: readonly number[];
}

export interface ChatTokenLogprob extends TokenLogprob {
  readonly top_logprobs: readonly TokenLogprob[];
}
