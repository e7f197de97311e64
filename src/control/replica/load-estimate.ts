/** Below this a fraction says more about the start of loading than about its speed. */
const fractionMin = 0.05;

export interface LoadSoFar {
  readonly elapsedMs: number;
  /** 0 to 1, where the engine tells it. */
  readonly loadedFraction: number | undefined;
  /** How long the same version took the last time, where known. */
  readonly lastLoadMs: number | undefined;
}

/** How long loading should still take, in milliseconds; `undefined` where there is nothing to tell it from. */
export function estimateLoad({ elapsedMs, loadedFraction, lastLoadMs }: LoadSoFar): number | undefined {
  if (loadedFraction !== undefined && loadedFraction >= fractionMin)
    return Math.round((elapsedMs * (1 - loadedFraction)) / loadedFraction);
  if (lastLoadMs === undefined) return undefined;
  return Math.max(0, Math.round(lastLoadMs - elapsedMs));
}
