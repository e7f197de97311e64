import type { Rng } from '#contracts';

/** With `scale`, each request comes floor(scale) times, and once more by chance for the rest. */
export function copiesOf(scale: number, rng: Rng): number {
  const whole = Math.floor(scale);
  return whole + (rng.next() < scale - whole ? 1 : 0);
}
