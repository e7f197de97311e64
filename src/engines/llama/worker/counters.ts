/** What a worker has done since it began: its proof of life. None of these ever falls, but `active`. */
export interface Counters {
  batches: number;
  tokensDecoded: number;
  tokensPrefilled: number;
  cachedTokens: number;
  requests: number;
  cancelled: number;
  embeddings: number;
  /** Seconds of computing on texts to embed, counted while they last. */
  busySeconds: number;
  /** Answers being computed now; one that waits for a slow client is not. */
  active: number;
}

export function createCounters(): Counters {
  return {
    batches: 0,
    tokensDecoded: 0,
    tokensPrefilled: 0,
    cachedTokens: 0,
    requests: 0,
    cancelled: 0,
    embeddings: 0,
    busySeconds: 0,
    active: 0,
  };
}

/** All of it as one number that grows with every step of work. */
export function progressOf(counters: Counters): number {
  const { batches, tokensDecoded, tokensPrefilled, embeddings, busySeconds } = counters;
  return batches + tokensDecoded + tokensPrefilled + embeddings + busySeconds;
}
