/** Hears of blocks that come and go. */
export interface BlockListener {
  added(hash: number): void;
  removed(hash: number): void;
}

/** What one replica's prefix cache probably holds: block hashes in the order in which they will be evicted. */
export interface PrefixMirror {
  /** How many leading blocks of the chain the replica probably still holds. O(log blocks). */
  match(chain: Uint32Array): number;
  /** The replica has just read this chain: its blocks are now the last to go. O(blocks). */
  touch(chain: Uint32Array): void;
  /** The replica began anew: it holds nothing. */
  clear(): void;
  size(): number;
}

/** Blocks in a doubly linked list, most recent first, found by hash. Node 0 is the list's two ends. */
interface Blocks {
  readonly max: number;
  readonly listener: BlockListener | undefined;
  count: number;
  readonly hash: Uint32Array;
  readonly newer: Int32Array;
  readonly older: Int32Array;
  /** Open addressing: a node, or 0 for an empty place. At most half full. */
  readonly places: Int32Array;
}

function placesFor(max: number): number {
  let places = 4;
  while (places < max * 2) places *= 2;
  return places;
}

function createBlocks(max: number, listener: BlockListener | undefined): Blocks {
  return {
    max,
    listener,
    count: 0,
    hash: new Uint32Array(max + 1),
    newer: new Int32Array(max + 1),
    older: new Int32Array(max + 1),
    places: new Int32Array(placesFor(max)),
  };
}

/** Where the hash stands among the places, or where it would have to stand. */
function placeOf({ places, hash }: Blocks, wanted: number): number {
  const mask = places.length - 1;
  let place = wanted & mask;
  for (let node = places[place]; node !== 0 && node !== undefined; node = places[place]) {
    if (hash[node] === wanted) return place;
    place = (place + 1) & mask;
  }
  return place;
}

/** Empties a place and closes the gap: what probed past it moves up. */
function vacate({ places, hash }: Blocks, at: number): void {
  const mask = places.length - 1;
  let gap = at;
  for (let next = (gap + 1) & mask; ; next = (next + 1) & mask) {
    const node = places[next] ?? 0;
    if (node === 0) break;
    const home = (hash[node] ?? 0) & mask;
    if (((next - home) & mask) < ((next - gap) & mask)) continue;
    places[gap] = node;
    gap = next;
  }
  places[gap] = 0;
}

function unlink({ newer, older }: Blocks, node: number): void {
  const before = newer[node] ?? 0;
  const after = older[node] ?? 0;
  older[before] = after;
  newer[after] = before;
}

function linkFirst({ newer, older }: Blocks, node: number): void {
  const first = older[0] ?? 0;
  older[0] = node;
  newer[node] = 0;
  older[node] = first;
  newer[first] = node;
}

/** A node for a new block: an unused one, or that of the block that goes. */
function freeNode(blocks: Blocks): number {
  if (blocks.count < blocks.max) return (blocks.count += 1);
  const oldest = blocks.newer[0] ?? 0;
  const hash = blocks.hash[oldest] ?? 0;
  unlink(blocks, oldest);
  vacate(blocks, placeOf(blocks, hash));
  blocks.listener?.removed(hash);
  return oldest;
}

function touchBlock(blocks: Blocks, hash: number): void {
  let node = blocks.places[placeOf(blocks, hash)] ?? 0;
  if (node === 0) {
    node = freeNode(blocks);
    blocks.hash[node] = hash;
    blocks.places[placeOf(blocks, hash)] = node;
    blocks.listener?.added(hash);
  } else unlink(blocks, node);
  linkFirst(blocks, node);
}

/**
 * Mirrors the prefix cache of a replica from what was sent there, `blocksMax` blocks at most, least recently used out
 * first. A chain is touched from its end, so that a block is never older than what follows it: what is held of a chain
 * is always its beginning, and binary search finds how much. A wrong entry, from a stale mirror or two prompts with
 * one hash, only costs a miss.
 */
export function createPrefixMirror(blocksMax: number, listener?: BlockListener): PrefixMirror {
  const blocks = createBlocks(Math.max(1, blocksMax), listener);
  const holds = (hash: number | undefined): boolean =>
    hash !== undefined && blocks.places[placeOf(blocks, hash)] !== 0;
  return {
    match(chain) {
      // First doubling strides, since most replicas hold nothing or only what everybody shares.
      let held = 0;
      let missing = 1;
      while (missing <= chain.length && holds(chain[missing - 1])) {
        held = missing;
        missing *= 2;
      }
      missing = Math.min(missing, chain.length + 1);
      while (held + 1 < missing) {
        const middle = (held + missing) >> 1;
        if (holds(chain[middle - 1])) held = middle;
        else missing = middle;
      }
      return held;
    },
    touch(chain) {
      for (let at = Math.min(chain.length, blocks.max) - 1; at >= 0; at--) touchBlock(blocks, chain[at] ?? 0);
    },
    clear() {
      for (let node = 1; node <= blocks.count; node++) listener?.removed(blocks.hash[node] ?? 0);
      blocks.count = 0;
      blocks.places.fill(0);
      blocks.newer[0] = 0;
      blocks.older[0] = 0;
    },
    size: () => blocks.count,
  };
}
