/** How fast a pull goes, and how long the rest takes at that. */
export interface Speed {
  note(bytes: number): void;
  /** `undefined` until enough has been seen. */
  remainingMs(leftBytes: number): number | undefined;
}

const windowMs = 1000;
/** What a second counts for a second later: about the last twenty make the average, and at first all there were. */
const fading = 0.95;

export function createSpeed(nowMs: () => number): Speed {
  let windowStartMs = nowMs();
  let bytesSeen = 0;
  let msSeen = 0;
  const roll = (): void => {
    const elapsedMs = nowMs() - windowStartMs;
    if (elapsedMs < windowMs) return;
    bytesSeen *= fading;
    msSeen = (msSeen + elapsedMs) * fading;
    windowStartMs += elapsedMs;
  };
  return {
    note(bytes) {
      bytesSeen += bytes;
      roll();
    },
    remainingMs(leftBytes) {
      roll();
      if (msSeen === 0 || bytesSeen <= 0) return undefined;
      return Math.round((leftBytes * (msSeen + nowMs() - windowStartMs)) / bytesSeen);
    },
  };
}
