/** Bytes of prompt in one block: some 256 tokens of English. Smaller finds more, larger costs less. */
export const prefixBlockBytes = 1024;

/** Longer prompts are told apart by their first MiB only. */
const prefixBlocksMax = 1024;

const seed = 0x811c9dc5;
const multiplier = 0x01000193;
const lane = 0x85ebca6b;

/** Spreads what the rounds left in the high bits over all of them (the finaliser of MurmurHash3). */
function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Four bytes a round in two lanes that do not wait for each other: FNV-1a's step on words. */
function hashBlock(view: DataView, from: number, before: number): number {
  let first = before;
  let second = before ^ lane;
  for (let at = from; at < from + prefixBlockBytes; at += 8) {
    first = Math.imul(first ^ view.getInt32(at, true), multiplier);
    first ^= first >>> 15;
    second = Math.imul(second ^ view.getInt32(at + 4, true), multiplier);
    second ^= second >>> 15;
  }
  return finish(first ^ Math.imul(second, lane));
}

/**
 * One hash for each whole block of the prompt, each of them of everything up to its block's end: two prompts share
 * their first n hashes when they share their first n blocks. Over the bytes as they came: a conversation's next turn
 * repeats them. What is left over at the end has no hash. Half-open range; empty where there is no prompt.
 */
export function hashPrefixBlocks(body: Uint8Array, from: number, to: number): Uint32Array {
  const count = from < 0 ? 0 : Math.min(prefixBlocksMax, Math.floor((to - from) / prefixBlockBytes));
  const hashes = new Uint32Array(Math.max(0, count));
  if (count <= 0) return hashes;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let hash = seed;
  for (let block = 0; block < count; block++) {
    hash = hashBlock(view, from + block * prefixBlockBytes, hash);
    hashes[block] = hash;
  }
  return hashes;
}
