import type { Rng } from '#contracts';
import type { Arrival } from '../workload/arrival.ts';

/** Bytes of a token, and tokens of a block, in the bodies that are made here. */
const tokenBytes = 4;
export const blockTokens = 512;
const poolBytes = 1024 * 1024;

/**
 * Bodies whose bytes behave like prompts: as long as the tokens ask for, and with equal beginnings where the blocks
 * are equal. Their text means nothing. Most are views of one pool, so that a long prompt costs no more than a short one.
 */
export interface Prompts {
  bodyOf(arrival: Arrival): Uint8Array;
}

function filledPool(rng: Rng): Uint8Array {
  const pool = new Uint8Array(poolBytes);
  // Printable, so that whoever looks at a body as text is not surprised.
  for (let at = 0; at < poolBytes; at += 4) {
    let chance = rng.next() * 26 ** 4;
    for (let letter = 0; letter < 4; letter++) {
      pool[at + letter] = 97 + Math.floor(chance % 26);
      chance /= 26;
    }
  }
  return pool;
}

/** Spreads block ids over the pool (Fibonacci hashing). */
function offsetOf(block: number): number {
  return (Math.imul(block + 1, 0x9e3779b1) >>> 0) % (poolBytes - blockTokens * tokenBytes);
}

/** Unless somebody looks at prompts they need no letters. */
export function createPrompts(rng: Rng, isLookedAt: boolean): Prompts {
  const pool = isLookedAt ? filledPool(rng) : new Uint8Array(poolBytes);
  return {
    bodyOf({ promptTokens, blocks }) {
      const length = Math.min(poolBytes / 2, promptTokens * tokenBytes);
      if (blocks === undefined) {
        const from = Math.floor(rng.next() * (poolBytes - length));
        return pool.subarray(from, from + length);
      }
      const body = new Uint8Array(length);
      for (const [at, block] of blocks.entries()) {
        const to = at * blockTokens * tokenBytes;
        const from = offsetOf(block);
        if (to < length)
          body.set(pool.subarray(from, from + Math.min(blockTokens * tokenBytes, length - to)), to);
      }
      return body;
    },
  };
}
