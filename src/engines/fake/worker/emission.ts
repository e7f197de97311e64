/** An answer that is to be written. */
export interface Emission {
  readonly tokens: readonly string[];
  readonly promptTokens: number;
  readonly signal: AbortSignal;
  /** Takes one token; a promise when the reader is behind. */
  readonly emit: (token: string) => Promise<void> | undefined;
}
