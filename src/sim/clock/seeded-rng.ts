import type { Rng } from '#contracts';

/** Neighbouring seeds must not give neighbouring chances (the finaliser of MurmurHash3). */
function scrambled(seed: number): number {
  let state = seed | 0;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) | 0 || 1;
}

/** Chance that comes out the same every time (xorshift32). */
export function createSeededRng(seed = 1): Rng {
  let state = scrambled(seed);
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
