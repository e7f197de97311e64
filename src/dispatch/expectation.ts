/** What requests of a deployment are like, learned from those that told their tokens. */
export interface Expectation {
  /** Bytes of the prompt as it came, for each token. */
  bytesPerToken: number;
  /** Tokens of one answer. */
  answerTokens: number;
  /** Answers it rests on. */
  samples: number;
}

/** Before anything was measured: a usual ratio of English text, and a short answer. */
export function createExpectation(): Expectation {
  return { bytesPerToken: 4, answerTokens: 128, samples: 0 };
}
