import type { Chosen } from '#dispatch';

/** `Server-Timing` of an answer; one that is `whole` when it begins has taken all its time by then. */
export function serverTiming({ queueMs, firstByteMs }: Chosen, whole: boolean): string {
  const first = firstByteMs.toFixed(2);
  const timing = `queue;dur=${queueMs.toFixed(2)}, first-byte;dur=${first}`;
  return whole ? `${timing}, total;dur=${first}` : timing;
}
