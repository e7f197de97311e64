/** What an engine remembers of earlier prompts: whole blocks, the least recently used are forgotten first. */
export interface PrefixCache {
  /** Tokens at the beginning of the prompt that need not be read again. */
  match(blocks: readonly number[]): number;
  /** Keeps the blocks, and makes room for them. */
  keep(blocks: readonly number[]): void;
}

export function createPrefixCache(blockTokens: number, capacityTokens: number): PrefixCache {
  const blocksMax = Math.floor(capacityTokens / blockTokens);
  /** In the order of their last use: a Map keeps the order of insertion. */
  const kept = new Map<number, true>();

  function touch(block: number): void {
    kept.delete(block);
    kept.set(block, true);
  }

  return {
    match(blocks) {
      let count = 0;
      while (count < blocks.length && kept.has(blocks[count] ?? -1)) count += 1;
      return count * blockTokens;
    },
    keep(blocks) {
      // The end of a prompt is worth least without its beginning: touched first, it is forgotten first.
      for (let at = Math.min(blocks.length, blocksMax) - 1; at >= 0; at--) touch(blocks[at] ?? -1);
      for (const oldest of kept.keys()) {
        if (kept.size <= blocksMax) break;
        kept.delete(oldest);
      }
    },
  };
}
