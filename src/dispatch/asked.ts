/** A request as the routing policy sees it. */
export interface Asked {
  readonly seed: number;
  readonly inputTokens: number;
  readonly prefix: Uint32Array;
  readonly tokensPerBlock: number;
  waitedSeconds: number;
}
