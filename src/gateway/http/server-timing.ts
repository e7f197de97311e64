import type { Chosen } from '#dispatch';

/** `Server-Timing` of what was refused before an answer began: what it waited for is not known, only how long. */
export function refusalTiming(totalMs: number): string {
  return `total;dur=${totalMs.toFixed(2)}`;
}

/** `Server-Timing` of an answer; one that is `whole` when it begins has taken all its time by then. */
export function serverTiming({ queueMs, firstByteMs }: Chosen, whole: boolean): string {
  const first = firstByteMs.toFixed(2);
  const timing = `queue;dur=${queueMs.toFixed(2)}, first-byte;dur=${first}`;
  return whole ? `${timing}, total;dur=${first}` : timing;
}
