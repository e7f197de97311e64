import type { Rng } from '#contracts';

/** Chance that comes out the same every time (xorshift32). */
export function createSeededRng(seed = 1): Rng {
  let state = seed | 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const byte = (): string =>
    Math.floor(next() * 256)
      .toString(16)
      .padStart(2, '0');
  return { next, secretHex: (bytes) => Array.from({ length: bytes }, byte).join('') };
}
