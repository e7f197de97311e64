import { normalQuantile, sigma } from './world.ts';

/** Requests or bad events before which no test of level α with power 1 can decide, on average (Wald 1945). */
export function waldErrors(share: number, ratio: number, alpha: number): number {
  const part = (share * ratio) / (share * ratio + 1 - share);
  const information = part * Math.log(part / share) + (1 - part) * Math.log((1 - part) / (1 - share));
  return Math.log(1 / alpha) / information;
}

const steps = 20_000;

/** A latency beyond this part of the stable version's is a bad event, as of a rule that watches the 95th percentile. */
const tail = 0.05;

/** The part of values below `z` of the normal distribution: where its quantile is `z`. */
function normalPart(z: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < z) low = middle;
    else high = middle;
  }
  return low;
}

/** Requests after which so many latencies are beyond the tail as the bound for bad events asks, on average. */
export function waldTail(share: number, ratio: number, alpha: number): number {
  const slower = 1 - normalPart(normalQuantile(1 - tail) - Math.log(ratio) / sigma);
  return waldErrors(share, slower / tail, alpha) / (share * slower + (1 - share) * tail);
}

/**
 * The same for latencies that are `ratio` times as long, by all that a request tells of the version that it went to:
 * what a test could do that knew both versions' distributions beforehand.
 */
export function waldLatency(share: number, ratio: number, alpha: number): number {
  const shift = Math.log(ratio) / sigma;
  let information = 0;
  for (let step = 0; step < steps; step += 1) {
    const z = normalQuantile((step + 0.5) / steps);
    // ln f_c(z)/f_b(z) at a value of the stable version, and at the same point moved for the candidate.
    const atStable = Math.exp(shift * z - (shift * shift) / 2);
    const atCandidate = Math.exp(shift * (z + shift) - (shift * shift) / 2);
    information -= ((1 - share) * Math.log(1 + share * (atStable - 1))) / steps;
    information += (share * Math.log(atCandidate / (1 + share * (atCandidate - 1)))) / steps;
  }
  return Math.log(1 / alpha) / information;
}
