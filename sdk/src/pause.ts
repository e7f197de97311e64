/** Waits, or rejects with the signal's reason as soon as the caller gives up. */
export function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }, delayMs);
    if (signal?.aborted === true) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}

/** How long to wait before attempt `tries` (from 1): doubling up to 10 s, spread so that many clients do not come at once. */
export function backOffMs(tries: number, retryAfterMs: number | undefined): number {
  const grown = Math.min(10_000, 250 * 2 ** Math.min(tries - 1, 10));
  return Math.max(retryAfterMs ?? 0, grown * (0.5 + Math.random() / 2));
}
