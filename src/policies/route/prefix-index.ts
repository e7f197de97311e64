import { createHolders, type Holders } from './holders.ts';
import { createPrefixMirror, type PrefixMirror } from './prefix-mirror.ts';

/** Who holds how much of a prompt: the mirrors of all replicas' prefix caches, and one index over them. */
export interface PrefixIndex {
  /** Replicas are numbered from 0; numbers of those that went may be given again, after `clear`. */
  readonly replicasMax: number;
  /** Writes for each replica, by number, how many leading blocks of the chain it probably holds. */
  match(chain: Uint32Array, held: Int32Array): void;
  /** The same of one replica. */
  held(chain: Uint32Array, replica: number): number;
  /** The replica has just read this chain. */
  touch(chain: Uint32Array, replica: number): void;
  /** The replica began anew, or is gone. */
  clear(replica: number): void;
  /** Blocks the index knows of, each once. */
  size(): number;
}

interface Search {
  readonly holders: Holders;
  /** Replicas that hold everything looked at so far. */
  readonly alive: Uint32Array;
}

/** Whether all that are alive hold this block too. */
function allHold({ holders, alive }: Search, hash: number): boolean {
  const found = holders.find(hash);
  for (let word = 0; word < holders.words; word++)
    if (((alive[word] ?? 0) & ~holders.read(found, word)) !== 0) return false;
  return true;
}

/** How many blocks all that are alive hold, `from` of them known: doubling strides, then halves. */
function heldByAll(search: Search, chain: Uint32Array, from: number): number {
  let held = from;
  let stride = 1;
  while (held + stride <= chain.length && allHold(search, chain[held + stride - 1] ?? 0)) {
    held += stride;
    stride *= 2;
  }
  let missing = Math.min(held + stride, chain.length + 1);
  while (held + 1 < missing) {
    const middle = (held + missing) >> 1;
    if (allHold(search, chain[middle - 1] ?? 0)) held = middle;
    else missing = middle;
  }
  return held;
}

/** Keeps those that also hold the block; writes down the others. Whether any is left. */
function part(
  { holders, alive }: Search,
  hash: number | undefined,
  leave: (replica: number) => void,
): boolean {
  let some = false;
  const found = hash === undefined ? -1 : holders.find(hash);
  for (let word = 0; word < holders.words; word++) {
    const before = alive[word] ?? 0;
    const after = found === -1 ? 0 : before & holders.read(found, word);
    for (let gone = before & ~after; gone !== 0; gone &= gone - 1)
      leave(word * 32 + 31 - Math.clz32(gone & -gone));
    alive[word] = after;
    some ||= after !== 0;
  }
  return some;
}

/**
 * A block is held by whoever holds what follows it, so the replicas thin out along a prompt: few look-ups find where.
 * Bounded by `replicasMax` mirrors of `blocksMax` blocks each.
 */
export function createPrefixIndex(replicasMax: number, blocksMax: number): PrefixIndex {
  const holders = createHolders(replicasMax);
  const mirrors: (PrefixMirror | undefined)[] = [];
  const search: Search = { holders, alive: new Uint32Array(holders.words) };
  const mirrorOf = (replica: number): PrefixMirror =>
    (mirrors[replica] ??= createPrefixMirror(blocksMax, {
      added: (hash) => {
        holders.add(hash, replica);
      },
      removed: (hash) => {
        holders.remove(hash, replica);
      },
    }));
  return {
    replicasMax,
    match(chain, held) {
      held.fill(0);
      if (chain.length === 0) return;
      const found = holders.find(chain[0] ?? 0);
      for (let word = 0; word < holders.words; word++) search.alive[word] = holders.read(found, word);
      let blocks = 1;
      const leave = (replica: number): void => {
        held[replica] = blocks;
      };
      let some = search.alive.some((word) => word !== 0);
      while (some) {
        blocks = heldByAll(search, chain, blocks);
        some = part(search, chain[blocks], leave);
        blocks += 1;
      }
    },
    held: (chain, replica) => mirrors[replica]?.match(chain) ?? 0,
    touch(chain, replica) {
      mirrorOf(replica).touch(chain);
    },
    clear(replica) {
      mirrors[replica]?.clear();
      mirrors[replica] = undefined;
    },
    size: () => holders.size(),
  };
}
