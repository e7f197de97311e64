/** Which replicas hold which blocks: `hash → set of replicas`, 32 replicas a word. */
export interface Holders {
  readonly words: number;
  add(hash: number, replica: number): void;
  remove(hash: number, replica: number): void;
  /** Where the block's set stands; good until the next change. */
  find(hash: number): number;
  /** Word `word` of the set that `find` found. */
  read(found: number, word: number): number;
  size(): number;
}

/** Open addressing, at most half full, doubled when it is. A place whose set is empty is free. */
interface Places {
  mask: number;
  used: number;
  hashes: Uint32Array;
  sets: Uint32Array;
  readonly words: number;
}

const placesAtFirst = 256;

function isFree({ sets, words }: Places, place: number): boolean {
  for (let word = 0; word < words; word++) if (sets[place * words + word] !== 0) return false;
  return true;
}

/** Where the hash stands, or where it would have to stand. */
function placeOf(places: Places, hash: number): number {
  let place = hash & places.mask;
  while (!isFree(places, place) && places.hashes[place] !== hash) place = (place + 1) & places.mask;
  return place;
}

function move(places: Places, from: number, to: number): void {
  const { hashes, sets, words } = places;
  hashes[to] = hashes[from] ?? 0;
  for (let word = 0; word < words; word++) {
    sets[to * words + word] = sets[from * words + word] ?? 0;
    sets[from * words + word] = 0;
  }
}

/** Closes the gap that a hash left: what probed past it moves up. */
function closeGap(places: Places, at: number): void {
  const { mask, hashes } = places;
  let gap = at;
  for (let next = (gap + 1) & mask; !isFree(places, next); next = (next + 1) & mask) {
    const home = (hashes[next] ?? 0) & mask;
    if (((next - home) & mask) < ((next - gap) & mask)) continue;
    move(places, next, gap);
    gap = next;
  }
}

function grow(places: Places): void {
  const { hashes, sets, words } = places;
  const before = hashes.length;
  places.hashes = new Uint32Array(before * 2);
  places.sets = new Uint32Array(before * 2 * words);
  places.mask = before * 2 - 1;
  for (let from = 0; from < before; from++) {
    const set = sets.subarray(from * words, (from + 1) * words);
    if (set.every((bits) => bits === 0)) continue;
    const hash = hashes[from] ?? 0;
    const to = placeOf(places, hash);
    places.hashes[to] = hash;
    places.sets.set(set, to * words);
  }
}

/** For replicas 0 to `replicasMax` - 1. As large as what was added and not removed; whoever adds keeps it bounded. */
export function createHolders(replicasMax: number): Holders {
  const words = Math.max(1, Math.ceil(replicasMax / 32));
  const places: Places = {
    mask: placesAtFirst - 1,
    used: 0,
    hashes: new Uint32Array(placesAtFirst),
    sets: new Uint32Array(placesAtFirst * words),
    words,
  };
  return {
    words,
    add(hash, replica) {
      if (places.used * 2 > places.mask) grow(places);
      const place = placeOf(places, hash);
      if (isFree(places, place)) {
        places.hashes[place] = hash;
        places.used += 1;
      }
      const at = place * words + (replica >>> 5);
      places.sets[at] = (places.sets[at] ?? 0) | (1 << (replica & 31));
    },
    remove(hash, replica) {
      const place = placeOf(places, hash);
      if (isFree(places, place)) return;
      const at = place * words + (replica >>> 5);
      places.sets[at] = (places.sets[at] ?? 0) & ~(1 << (replica & 31));
      if (!isFree(places, place)) return;
      places.used -= 1;
      closeGap(places, place);
    },
    find: (hash) => placeOf(places, hash) * words,
    read: (found, word) => places.sets[found + word] ?? 0,
    size: () => places.used,
  };
}
