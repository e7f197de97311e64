import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Mulberry32: small, fast, the same everywhere. */
function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Arrival times of mean distance 1; dividing them by a rate gives arrivals of that rate. */
export type Arrivals = Float64Array;

export function poissonArrivals(count: number, seed: number): Arrivals {
  const chance = seededChance(seed);
  const times = new Float64Array(count);
  let now = 0;
  for (let at = 0; at < count; at++) times[at] = now += -Math.log(1 - chance());
  return times;
}

/**
 * Distances of coefficient of variation `cv` above 1: mostly short ones, rarely a long one (two-phase hyperexponential
 * with balanced means). What a few clients that send in bursts look like.
 */
export function burstyArrivals(count: number, cv: number, seed: number): Arrivals {
  const chance = seededChance(seed);
  const squared = cv * cv;
  const often = (1 + Math.sqrt((squared - 1) / (squared + 1))) / 2;
  const times = new Float64Array(count);
  let now = 0;
  for (let at = 0; at < count; at++) {
    const share = chance() < often ? often : 1 - often;
    times[at] = now += -Math.log(1 - chance()) / (2 * share);
  }
  return times;
}

/** As requests to a code-completion service really came, in 40 minutes. */
export function recordedArrivals(): Arrivals {
  const file = new URL('../data/azure-code/arrivals-40min.txt.gz', import.meta.url);
  const gaps = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').map(Number);
  const meanMs = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  let now = 0;
  return Float64Array.from(gaps, (gap) => (now += gap / meanMs));
}
